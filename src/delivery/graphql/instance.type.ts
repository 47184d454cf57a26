// An instance, as the API shows it. What belongs to other things, and its lists, are resolved fields.
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { Health } from '@fairlead/protocol/health';
import type { SyncStatus } from '@fairlead/protocol/sync-status';
import { DateTimeScalar } from '../../platform/graphql/scalars.ts';
import type { Instance } from '../domain/instance.ts';
import { HealthEnum, SyncStatusEnum } from './instance.enums.ts';
import { ObjectRefType } from './object-ref.type.ts';

@ObjectType('Instance', { description: 'One application in one environment on one cluster.' })
export class InstanceType {
  /** What the resolved fields need; not part of the API. */
  row!: Instance;

  @Field(() => ID, { description: 'Never used again; the label fairlead.dev/instance of its objects.' })
  id!: string;

  @Field(() => SyncStatusEnum, { description: 'How far its assignment has been carried out.' })
  sync!: SyncStatus;

  @Field(() => HealthEnum, { description: 'The worst of its objects, as last reported.' })
  health!: Health;

  @Field(() => String, { nullable: true, description: 'Why it is not SYNCED and HEALTHY; null where it is.' })
  message?: string | null;

  @Field(() => Int, { description: 'Open differences between desired and live.' })
  driftCount!: number;

  @Field(() => Int, { description: 'Of its assignment; rises with each change. 0: nothing is assigned.' })
  generation!: number;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When its agent last reported a change of it.',
  })
  reportedAt?: Date | null;

  @Field(() => Boolean, { description: 'Its cluster is not ONLINE: this is the last word, not the present.' })
  stale!: boolean;
}

@ObjectType('ObjectStatus', { description: 'An object that is not both SYNCED and HEALTHY.' })
export class ObjectStatusType {
  @Field(() => ObjectRefType, { description: 'Which object.' })
  object!: ObjectRefType;

  @Field(() => SyncStatusEnum, { description: 'Whether it is applied.' })
  sync!: SyncStatus;

  @Field(() => HealthEnum, { description: 'What it is, from the outside.' })
  health!: Health;

  @Field(() => String, { nullable: true, description: 'Why; null where there is nothing to say.' })
  message?: string | null;
}

/** For every field that answers an instance. */
export function toInstanceType(row: Instance): InstanceType {
  const { trackingId, sync, health, message, driftCount, generation, reportedAt, stale } = row;
  return {
    row,
    id: trackingId,
    sync,
    health,
    message: message === '' ? null : message,
    driftCount,
    generation: Number(generation),
    reportedAt,
    stale,
  };
}
