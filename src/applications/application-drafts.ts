// Checks what a person saves against everything around it, and turns its names into ids.
import { Injectable } from '@nestjs/common';
import { Config } from '../platform/config/config.ts';
import type { Transaction } from '../platform/database/database.ts';
import { invalid } from '../platform/errors.ts';
import { DependencyQueries } from '../policies/dependency-queries.ts';
import { PolicyQueries } from '../policies/policy-queries.ts';
import type { CheckedApplicationRules } from './application-health-rules.ts';
import { ApplicationStore, type ApplicationDraft } from './application-store.ts';
import { applicationProblems } from './domain/application-problems.ts';
import type { ApplicationRequest } from './domain/application.ts';
import { RepositoryStore } from './repository-store.ts';

@Injectable()
export class ApplicationDrafts {
  constructor(
    private readonly applications: ApplicationStore,
    private readonly repositories: RepositoryStore,
    private readonly policies: PolicyQueries,
    private readonly dependencies: DependencyQueries,
    private readonly config: Config,
  ) {}

  /** INVALID names every problem. A repository that nobody saved is made, without a credential. */
  async checked(
    tx: Transaction,
    request: ApplicationRequest,
    rules: CheckedApplicationRules,
  ): Promise<ApplicationDraft> {
    const policy = await this.policies.byName(request.policy);
    const named = request.syncPolicy.environments.map(({ environment }) => environment);
    const problems = applicationProblems(request, {
      fileRepositories: this.config.fileRepositories,
      policyExists: policy !== undefined,
      unknownEnvironments: await this.applications.unknownEnvironments(tx, named),
      healthRuleProblems: rules.problems,
    });
    const cycle = await this.dependencies.problemOf(tx, {
      application: request.name,
      policy: request.policy,
    });
    if (cycle !== undefined) problems.push(cycle);
    if (problems.length > 0 || !policy) throw invalid(`Application "${request.name}"`, problems);
    const repositoryId = await this.repositories.ensure(tx, request.source.repository);
    return { ...request, healthRules: rules.rules, repositoryId, policyId: policy.id };
  }
}
