// What stands in the place of the agent's engine: an assignment is "applied" after a fixed time and is then as it should
// be. Everything that a real engine would say meanwhile is said.
import { randomUUID } from 'node:crypto';
import type { Assignment } from '@fairlead/protocol/assignment';
import type { ReportedDrift } from '@fairlead/protocol/drift';
import type { InstanceReport } from '@fairlead/protocol/report';
import { pause, type Clock } from '../../agent/src/clock.ts';

/** What the simulated engine works with. */
export interface ApplyParts {
  readonly clock: Clock;
  readonly applyMs: number;
  /** Downloads the bundle and checks its digest; nothing is kept of it. */
  readonly fetchBundle: (digest: string) => Promise<void>;
  readonly report: (report: InstanceReport) => void;
  readonly removed: (instance: string) => void;
}

/** Carries one assignment out: SYNCING at once, SYNCED and HEALTHY when it is done; a tombstone just ends. */
export async function applyAssignment(assignment: Assignment, parts: ApplyParts): Promise<void> {
  if (assignment.tombstone) return parts.removed(assignment.instance);
  parts.report(reportOf(assignment, 'SYNCING', 'PROGRESSING'));
  await parts.fetchBundle(assignment.bundle);
  await pause(parts.clock, parts.applyMs);
  parts.report(reportOf(assignment, 'SYNCED', 'HEALTHY'));
}

/** A field that somebody changed by hand just now. */
export function driftedField(index: number): ReportedDrift {
  const now = new Date().toISOString();
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: 'default',
    name: 'web',
    episode: randomUUID(),
    path: `spec.template.metadata.labels.field-${index}`,
    type: 'MODIFIED',
    desired: '"git"',
    live: '"by hand"',
    masked: false,
    manager: 'kubectl-edit',
    managerClass: 'PERSON',
    operation: 'Update',
    changedAt: now,
    firstSeenAt: now,
    healedCount: 0,
    contested: false,
  };
}

/** What an engine would report of it. */
export function reportOf(
  { instance, generation, bundle }: Assignment,
  sync: 'SYNCING' | 'SYNCED',
  health: InstanceReport['health'],
): InstanceReport {
  return {
    instance,
    generation,
    bundle,
    sync,
    health,
    message: sync === 'SYNCED' ? '' : 'is being applied',
    driftCount: 0,
    objects: [],
    truncated: false,
    pendingPrune: [],
  };
}
