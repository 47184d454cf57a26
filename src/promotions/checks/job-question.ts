// A check that is a Kubernetes Job: an instruction to each cluster's agent, and what the agents answer.
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { InstructionState } from '../../delivery/domain/instruction.ts';
import { InstructionCommands } from '../../delivery/instruction-commands.ts';
import { Database, type Transaction } from '../../platform/database/database.ts';
import { CheckRunStore, type ClaimedRun } from './check-run-store.ts';
import { jobDeadlineMs, specOf, type AttemptOutcome, type RunRule } from './domain/check-run.ts';
import { judgeJob, type JobReport } from './domain/judge-job.ts';

type JobRule = Extract<RunRule, { kind: 'job' }>;

const agentAnswer = z.object({
  state: z.enum(['PASSED', 'FAILED', 'ERROR']),
  message: z.string(),
});

@Injectable()
export class JobQuestion {
  constructor(
    private readonly database: Database,
    private readonly store: CheckRunStore,
    private readonly instructions: InstructionCommands,
  ) {}

  /** Instructs the agents the first time; afterwards reads what they answered. */
  ask(run: ClaimedRun, rule: JobRule): Promise<AttemptOutcome> {
    return this.database.transaction(async (tx) => {
      if (run.instructionIds.length === 0) return this.instruct(tx, run, rule);
      const states = await this.instructions.states(tx, run.instructionIds);
      const names = await this.store.clusterNames(tx, run.clusterIds);
      return judgeJob(
        run.clusterIds.map((id, index) => ({
          cluster: names.get(id) ?? 'a deleted cluster',
          ...reportOf(states.get(run.instructionIds[index] ?? ''), run.leftMs),
        })),
      );
    });
  }

  private async instruct(tx: Transaction, run: ClaimedRun, rule: JobRule): Promise<AttemptOutcome> {
    const clusterIds = run.clusterIds.length > 0 ? run.clusterIds : await this.store.clustersOf(tx, run);
    if (clusterIds.length === 0) return judgeJob([]);
    const payload = {
      check: rule.name,
      application: run.application,
      environment: run.environment,
      release: run.release,
      spec: specOf(rule.job),
      deadlineMs: jobDeadlineMs(rule.job),
    };
    const ids = await this.instructions.create(
      tx,
      clusterIds.map((clusterId) => ({
        clusterId,
        instanceId: null,
        kind: 'job',
        payload,
        expiresAt: run.deadlineAt,
      })),
    );
    if (await this.store.noteInstructions(tx, run, clusterIds, ids)) {
      return judgeJob(clusterIds.map((id) => ({ cluster: String(id), state: 'RUNNING', message: '' })));
    }
    throw new Error(`Check run ${run.id} was taken over while its Job was being handed to the agents.`);
  }
}

function reportOf(state: InstructionState | undefined, leftMs: number): Omit<JobReport, 'cluster'> {
  if (!state) return { state: 'LOST', message: 'its cluster is gone' };
  if (!state.acknowledgedAt) {
    return leftMs > 0
      ? { state: 'RUNNING', message: '' }
      : { state: 'LOST', message: 'its agent did not answer in time' };
  }
  const answer = agentAnswer.safeParse(state.outcome);
  if (!answer.success) return { state: 'LOST', message: 'its agent cannot run Jobs; upgrade it' };
  const { state: end, message } = answer.data;
  return { state: end === 'ERROR' ? 'LOST' : end, message };
}
