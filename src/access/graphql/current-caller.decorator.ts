// Who calls, for GraphQL operations and for HTTP controllers alike. Comes from the credential, never from an argument.
import type { ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext, type GqlContextType } from '@nestjs/graphql';
import type { Principal, RequestContext } from '../../platform/graphql/request-context.ts';

const callersOfRequests = new WeakMap<object, Principal>();

/** For the guard: remembers who sent an HTTP request to a controller. */
export function setCallerOfRequest(request: object, principal: Principal): void {
  callersOfRequests.set(request, principal);
}

/** Whether the call came through a controller, not through GraphQL. */
export function isHttpCall(context: ExecutionContext): boolean {
  return context.getType<GqlContextType>() !== 'graphql';
}

/** The caller; `undefined` where no token was sent. */
export function callerOf(context: ExecutionContext): Principal | undefined {
  if (isHttpCall(context)) return callersOfRequests.get(context.switchToHttp().getRequest<object>());
  return GqlExecutionContext.create(context).getContext<RequestContext>().principal;
}
