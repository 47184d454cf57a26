// Checks a policy against everything around it before it is saved, and names every problem at once.
import { Injectable } from '@nestjs/common';
import { nameProblem } from '../clusters/domain/resource-name.ts';
import { Clock } from '../platform/clock.ts';
import type { Transaction } from '../platform/database/database.ts';
import { invalid } from '../platform/errors.ts';
import { DependencyQueries } from './dependency-queries.ts';
import { namedEnvironments, policyProblems } from './domain/policy-problems.ts';
import type { PolicyStep } from './domain/policy-step.ts';
import { PolicyStore } from './policy-store.ts';

/** What a person saves; `problems` are those of its form, found while it was read. */
export interface PolicyRequest {
  readonly name: string;
  readonly steps: readonly PolicyStep[];
  readonly problems: readonly string[];
}

@Injectable()
export class PolicyDrafts {
  constructor(
    private readonly policies: PolicyStore,
    private readonly dependencies: DependencyQueries,
    private readonly clock: Clock,
  ) {}

  /** Throws INVALID with all that is wrong. */
  async check(tx: Transaction, { name, steps, problems: form }: PolicyRequest): Promise<void> {
    const unknown = await this.policies.unknownEnvironments(tx, namedEnvironments(steps));
    const badName = nameProblem('policy', name);
    const own = policyProblems(steps, unknown, this.clock.now());
    // A circle inside the policy is one between the applications as well: it is named once.
    const cycle = own.length > 0 ? undefined : await this.dependencies.problemOf(tx, { policy: name, steps });
    const problems = [badName, ...form, ...own, cycle].filter((problem) => problem !== undefined);
    if (problems.length > 0) throw invalid(`Policy "${name}"`, problems);
  }
}
