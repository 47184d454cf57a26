// Stands before every operation and every controller: nobody gets in whom the operation's rule does not name.
import { HttpException, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Clock } from '../../platform/clock.ts';
import { AppError, errorCatalogue } from '../../platform/errors.ts';
import { Authenticators, bearerToken } from '../../platform/graphql/authenticators.ts';
import { Log } from '../../platform/logging/log.ts';
import { judgeCaller, type CallerRule, type Denial } from '../domain/caller-rule.ts';
import { CALLER_RULE } from './allowed-callers.decorator.ts';
import { callerOf, isHttpCall, setCallerOfRequest } from './current-caller.decorator.ts';

@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticators: Authenticators,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (isHttpCall(context)) await this.authenticate(context);
    const denial = this.judge(context);
    if (!denial) return true;
    this.tell(context, denial);
    throw isHttpCall(context) ? toHttpError(denial) : new AppError(denial.code, denial.message);
  }

  private judge(context: ExecutionContext): Denial | undefined {
    const operation = context.getHandler().name;
    const rule = this.reflector.getAllAndOverride<CallerRule | undefined>(CALLER_RULE, [
      context.getHandler(),
      context.getClass(),
    ]);
    // The start check leaves no operation without a rule; should one slip through, it is shut.
    if (!rule) return { code: 'FORBIDDEN', message: `${operation} does not say who may call it.` };
    return judgeCaller(rule, callerOf(context), operation, this.clock.now());
  }

  /** Strangers are not told of: anybody can be one, as often as they like. */
  private tell(context: ExecutionContext, { code }: Denial): void {
    const caller = callerOf(context);
    if (!caller) return;
    const operation = context.getHandler().name;
    this.log.warn('a call was refused', { principal: caller.name, kind: caller.kind, operation, code });
  }

  /** GraphQL's own doors know the caller already; a controller's request is asked here. */
  private async authenticate(context: ExecutionContext): Promise<void> {
    const request = context.switchToHttp().getRequest<{ headers: Readonly<Record<string, unknown>> }>();
    const token = bearerToken(request.headers['authorization']);
    const caller = token ? await this.authenticators.authenticate(token) : undefined;
    if (caller) setCallerOfRequest(request, caller.principal);
  }
}

function toHttpError({ code, message }: Denial): HttpException {
  return new HttpException({ errors: [{ message, extensions: { code } }] }, errorCatalogue[code].status);
}
