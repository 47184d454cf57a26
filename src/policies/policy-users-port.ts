// What policies must ask of applications inside their own transaction: who follows a policy.
import type { Transaction } from '../platform/database/database.ts';

/** An application and the policy that it follows, by name. */
export interface PolicyFollower {
  readonly application: string;
  readonly policy: string;
}

/** Implemented by applications. */
export abstract class PolicyUsers {
  abstract followersOf(tx: Transaction, policies: readonly string[]): Promise<PolicyFollower[]>;
}
