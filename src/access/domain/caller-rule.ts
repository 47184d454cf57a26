// Who may call an operation, and what a caller is told who may not.
import { isUser, roleAllows, type Role } from './caller.ts';

/** Every operation states one. `public` operations authenticate by what they are given (a join token, a signature). */
export type CallerRule =
  | { readonly callers: 'people'; readonly role: Role }
  | { readonly callers: 'agents' }
  | { readonly callers: 'public' };

type Caller = { readonly kind: string; readonly name: string } | null | undefined;

/** Why a caller is not let in; `undefined` lets it in. */
export interface Denial {
  readonly code: 'UNAUTHENTICATED' | 'FORBIDDEN';
  readonly message: string;
}

/** Judges a call. `operation` is the name that the caller used. */
export function judgeCaller(
  rule: CallerRule,
  caller: Caller,
  operation: string,
  now: Date,
): Denial | undefined {
  if (rule.callers === 'public') return undefined;
  if (!caller)
    return {
      code: 'UNAUTHENTICATED',
      message: `${operation} needs a token: send "Authorization: Bearer TOKEN".`,
    };
  return rule.callers === 'agents'
    ? judgeAgent(caller, operation)
    : judgePerson(rule.role, caller, operation, now);
}

function judgeAgent(caller: NonNullable<Caller>, operation: string): Denial | undefined {
  if (caller.kind === 'agent') return undefined;
  return {
    code: 'FORBIDDEN',
    message: `${operation} is for the agents of clusters, by their own credential; ${describe(caller)}.`,
  };
}

function judgePerson(
  role: Role,
  caller: NonNullable<Caller>,
  operation: string,
  now: Date,
): Denial | undefined {
  if (!isUser(caller) || !roleAllows(caller.role, role)) {
    return { code: 'FORBIDDEN', message: `${operation} needs the role ${role}; ${describe(caller)}.` };
  }
  if (caller.validUntil === undefined || caller.validUntil > now) return undefined;
  return {
    code: 'UNAUTHENTICATED',
    message: `The token "${caller.name}" expired at ${caller.validUntil.toISOString()}; make another one.`,
  };
}

function describe(caller: NonNullable<Caller>): string {
  if (isUser(caller)) return `the token "${caller.name}" of ${caller.user} has the role ${caller.role}`;
  return `the caller is the agent of cluster "${caller.name}"`;
}
