// Counts of many instances, as the API shows them.
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { unknownCounts, type FleetSummary } from '../domain/fleet-summary.ts';

@ObjectType('SyncCounts', { description: 'Instances by sync status.' })
export class SyncCountsType {
  @Field(() => Int, { description: 'SYNCED.' })
  synced!: number;

  @Field(() => Int, { description: 'OUT_OF_SYNC.' })
  outOfSync!: number;

  @Field(() => Int, { description: 'SYNCING.' })
  syncing!: number;

  @Field(() => Int, { description: 'FAILED.' })
  failed!: number;

  @Field(() => Int, { description: 'UNKNOWN.' })
  unknown!: number;
}

@ObjectType('HealthCounts', { description: 'Instances by health.' })
export class HealthCountsType {
  @Field(() => Int, { description: 'HEALTHY.' })
  healthy!: number;

  @Field(() => Int, { description: 'PROGRESSING.' })
  progressing!: number;

  @Field(() => Int, { description: 'DEGRADED.' })
  degraded!: number;

  @Field(() => Int, { description: 'SUSPENDED.' })
  suspended!: number;

  @Field(() => Int, { description: 'MISSING.' })
  missing!: number;

  @Field(() => Int, { description: 'UNKNOWN.' })
  unknown!: number;
}

@ObjectType('FleetSummary', { description: 'How many instances there are, and how they are.' })
export class FleetSummaryType {
  @Field(() => Int, { description: 'All of them.' })
  instances!: number;

  @Field(() => SyncCountsType, { description: 'By sync status.' })
  sync!: SyncCountsType;

  @Field(() => HealthCountsType, { description: 'By health.' })
  health!: HealthCountsType;

  @Field(() => Int, { description: 'With open drift.' })
  drifted!: number;

  @Field(() => Int, { description: 'Open differences, of all of them.' })
  driftItems!: number;

  @Field(() => Int, {
    description: 'On clusters that are not ONLINE: what is counted of them is their last word.',
  })
  stale!: number;
}

/** For every field that answers a summary. */
export function toFleetSummaryType(summary: FleetSummary): FleetSummaryType {
  const { instances, synced, outOfSync, syncing, failed, drifted, driftItems, ...health } = summary.counts;
  const { healthy, progressing, degraded, suspended, missing } = health;
  const unknown = unknownCounts(summary);
  return {
    instances,
    sync: { synced, outOfSync, syncing, failed, unknown: unknown.sync },
    health: { healthy, progressing, degraded, suspended, missing, unknown: unknown.health },
    drifted,
    driftItems,
    stale: summary.stale,
  };
}
