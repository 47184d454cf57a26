// Who a person is to the hub, and what a role may do.

export const roles = ['VIEWER', 'OPERATOR', 'ADMIN'] as const;
/** Each may do what the ones before it may. */
export type Role = (typeof roles)[number];

/** The caller of the people's operations, by an API token. */
export interface UserPrincipal {
  readonly kind: 'user';
  /** The token's name; activity names `user`. */
  readonly name: string;
  /** Whose token it is: requester and approver are compared by it. */
  readonly user: string;
  readonly role: Role;
  /** A commit's author is matched by these. */
  readonly emails: readonly string[];
  /** Null for the token of the configuration. */
  readonly tokenId: bigint | null;
  readonly validUntil: Date | undefined;
}

/** What a user is now, over all tokens of theirs that may be used. */
export interface UserStanding {
  readonly user: string;
  readonly roles: readonly Role[];
  readonly emails: readonly string[];
}

/** Whether a caller is a person. */
export function isUser(principal: { readonly kind: string } | null | undefined): principal is UserPrincipal {
  return principal?.kind === 'user';
}

/** Whether `role` may do what needs `needed`. */
export function roleAllows(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}
