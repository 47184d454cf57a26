// What agents tell the hub: how their instances are, and what they have done once.
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { InstanceReport, ReportVerdict } from '@fairlead/protocol/report';
import { ActivityLog } from '../activity/activity-log.ts';
import { agentActor, type AgentPrincipal } from '../clusters/domain/agent-principal.ts';
import { Clock } from '../platform/clock.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import { Log } from '../platform/logging/log.ts';
import { AgentFeedStore } from './agent-feed-store.ts';
import { toDriftEntry } from './domain/drift-report.ts';
import { instancePath } from './domain/removal-guard.ts';
import { nextReportMs } from './domain/report-pace.ts';
import { ReportIngestion } from './report-ingestion.ts';
import type { ReportEntry } from './report-store.ts';

/** One message of an agent. */
export interface ReportBatch {
  readonly session: bigint;
  /** Rises with every message of a session. */
  readonly sequence: bigint;
  /** By the agent's clock; absent from agents that do not say. */
  readonly sentAt?: Date | undefined;
  readonly instances: readonly (InstanceReport & { readonly contentHash: string })[];
  readonly acknowledgedInstructions: readonly string[];
  /** What acknowledged instructions came to, where the agent says so. */
  readonly instructionOutcomes: ReadonlyMap<string, unknown>;
  /** Instances whose tombstones were carried out. */
  readonly removedInstances: readonly string[];
}

/** What became of it. */
export interface ReportOutcome {
  readonly verdicts: readonly ReportVerdict[];
  readonly nextReportMs: number;
}

@Injectable()
export class ReportCommands {
  constructor(
    private readonly database: Database,
    private readonly feed: AgentFeedStore,
    private readonly ingestion: ReportIngestion,
    private readonly activity: ActivityLog,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Answers when all of it is committed. */
  async report(agent: AgentPrincipal, batch: ReportBatch): Promise<ReportOutcome> {
    await this.acknowledge(agent, batch);
    const receivedAt = this.clock.now();
    const verdicts = await this.ingestion.take(
      batch.instances.map((report) => toEntry(agent, { ...batch, receivedAt }, report)),
    );
    return { verdicts, nextReportMs: nextReportMs(this.ingestion.queued) };
  }

  private async acknowledge(agent: AgentPrincipal, batch: ReportBatch): Promise<void> {
    const { acknowledgedInstructions, removedInstances, session } = batch;
    if (acknowledgedInstructions.length === 0 && removedInstances.length === 0) return;
    await this.database.transaction(async (tx) => {
      if (!(await this.feed.isCurrentSession(tx, agent.clusterId, session))) return;
      await this.feed.acknowledge(tx, agent.clusterId, acknowledgedInstructions, batch.instructionOutcomes);
      await this.tellForeign(tx, agent, batch);
      const buried = await this.feed.bury(tx, agent.clusterId, removedInstances);
      const events = buried.map(({ application, environment, tombstone }) => {
        const names = { application, environment, cluster: agent.name };
        const done =
          tombstone === 'PRUNE' ? 'Its objects are deleted' : 'Its objects were left, without our label';
        const message = `${instancePath(names)} is gone. ${done}.`;
        return { kind: 'instance.removed', actor: agentActor(agent), message, ...names };
      });
      if (events.length > 0) await this.activity.record(tx, events);
      tx.afterCommit(() => events.forEach(({ message, ...fields }) => this.log.info(message, fields)));
    });
  }

  private async tellForeign(tx: Transaction, agent: AgentPrincipal, batch: ReportBatch): Promise<void> {
    const { acknowledgedInstructions: instructions, removedInstances: instances } = batch;
    for (const { kind, id, cluster } of await this.feed.foreign(tx, agent.clusterId, {
      instructions,
      instances,
    })) {
      const fields = { kind, id, cluster, reportedBy: agent.name };
      this.log.warn('an agent spoke of what belongs to another cluster; nothing was changed', fields);
    }
  }
}

function toEntry(
  { clusterId }: AgentPrincipal,
  batch: ReportBatch & { readonly receivedAt: Date },
  {
    bundle,
    generation,
    contentHash,
    drift = [],
    driftTruncated = false,
    ...report
  }: ReportBatch['instances'][number],
): ReportEntry {
  const objects = report.objects.map((object) => ({ ...object, message: storable(object.message) }));
  const { session, sequence, sentAt, receivedAt } = batch;
  // Closed episodes are no state: they are taken in whatever else is said, and do not make a report another one.
  const openDrift = drift.filter(({ closedAt }) => closedAt === undefined);
  const driftHash = openDrift.length === 0 ? '' : hashOf([openDrift, driftTruncated]);
  const objectsHash = objects.length === 0 ? '' : hashOf(objects);
  return {
    ...report,
    drift: toDriftEntry(drift, driftTruncated, { sentAt, receivedAt }),
    receivedAt,
    clusterId,
    session,
    sequence,
    generation: BigInt(generation),
    bundleDigest: bundle,
    message: storable(report.message),
    objects,
    contentHash: [contentHash, driftHash, objectsHash].join('.'),
  };
}

const MAX_MESSAGE = 4_000;

/** Postgres cannot keep a NUL, and one endless message must not fill the table. */
function storable(text: string): string {
  const clean = text.replaceAll('\0', '');
  return clean.length > MAX_MESSAGE ? `${clean.slice(0, MAX_MESSAGE)}…` : clean;
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
}
