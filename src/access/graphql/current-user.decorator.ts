// The person who calls, as a resolver's argument.
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { isUser, type UserPrincipal } from '../domain/caller.ts';
import { callerOf } from './current-caller.decorator.ts';

/** `@CurrentUser() caller: UserPrincipal`, on operations with `@Requires`. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext): UserPrincipal => {
  const caller = callerOf(context);
  if (isUser(caller)) return caller;
  throw new Error('@CurrentUser() stands on an operation that is not for people: it needs @Requires.');
});
