// Whether a change would make applications wait for each other's releases: asked where a policy is saved, and where an
// application takes another policy.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import { dependencyCycle, type PolicyUser } from './domain/dependency-cycle.ts';
import type { PolicyStep } from './domain/policy-step.ts';
import { PolicyStore } from './policy-store.ts';
import { PolicyUsers, type PolicyFollower } from './policy-users-port.ts';

/** What is about to be saved: a policy's steps, or the policy that an application follows. */
export type DependencyChange =
  | { readonly policy: string; readonly steps: readonly PolicyStep[] }
  | { readonly policy: string; readonly application: string };

@Injectable()
export class DependencyQueries {
  constructor(
    private readonly policies: PolicyStore,
    private readonly users: PolicyUsers,
  ) {}

  /** A sentence that names the circle; `undefined` where the change makes none. */
  async problemOf(tx: Transaction, change: DependencyChange): Promise<string | undefined> {
    const stored = new Map(
      (await this.policies.withDependencies(tx)).map(({ name, steps }) => [name, steps]),
    );
    if ('steps' in change) stored.set(change.policy, change.steps);
    if (stored.size === 0) return undefined;
    const followers = after(await this.users.followersOf(tx, [...stored.keys()]), change);
    const users = followers.flatMap(({ application, policy }): PolicyUser[] => {
      const steps = stored.get(policy);
      return steps ? [{ application, steps }] : [];
    });
    const cycle = dependencyCycle(users);
    return cycle && `Applications would wait for each other's releases: ${cycle.join(' after ')}.`;
  }
}

function after(followers: readonly PolicyFollower[], change: DependencyChange): readonly PolicyFollower[] {
  if (!('application' in change)) return followers;
  return [...followers.filter(({ application }) => application !== change.application), change];
}
