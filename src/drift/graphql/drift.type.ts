// Drift, as the API shows it. Instance and exception are resolved fields.
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { DriftType, EpisodeEnd, ManagerClass } from '@fairlead/protocol/drift';
import { DriftTypeEnum, EpisodeEndEnum, ManagerClassEnum } from '../../delivery/graphql/drift.enums.ts';
import { ObjectRefType } from '../../delivery/graphql/object-ref.type.ts';
import { encodeId } from '../../platform/graphql/opaque-id.ts';
import { DateTimeScalar } from '../../platform/graphql/scalars.ts';
import type { DriftEpisode, DriftItem } from '../domain/drift-item.ts';

@ObjectType('DriftItem', {
  description:
    'One field of one object, or one whole object, that differs from what the release says, and is open.',
})
export class DriftItemType {
  /** What the resolved fields need; not part of the API. */
  row!: DriftItem;

  @Field(() => ID, { description: 'Opaque; stays when it ends and is an episode.' })
  id!: string;

  @Field(() => ObjectRefType, { description: 'Which object.' })
  object!: ObjectRefType;

  @Field(() => String, { nullable: true, description: 'Which field; null: the whole object.' })
  path!: string | null;

  @Field(() => DriftTypeEnum, { description: 'How it differs.' })
  type!: DriftType;

  @Field(() => String, {
    nullable: true,
    description: 'What the release says, as JSON text; null where there is nothing, or it is masked.',
  })
  desired!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What is there, as JSON text; null where there is nothing, or it is masked.',
  })
  live!: string | null;

  @Field(() => Boolean, { description: 'The values are secret: they never leave the cluster.' })
  masked!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'The field manager that made it; null where nobody’s name stayed on the field.',
  })
  manager!: string | null;

  @Field(() => ManagerClassEnum, { description: 'What sort of writer that is.' })
  managerClass!: ManagerClass;

  @Field(() => String, { nullable: true, description: 'Update or Apply; null: unknown.' })
  operation!: string | null;

  @Field(() => String, { nullable: true, description: 'Through which it was written, such as scale.' })
  subresource!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the manager wrote it, as the API server says; null where it does not.',
  })
  changedAt!: Date | null;

  @Field(() => DateTimeScalar, { description: 'When the agent first saw it.' })
  firstSeenAt!: Date;

  @Field(() => Int, { description: 'How often the agent put it back so far.' })
  healedCount!: number;

  @Field(() => Boolean, {
    description: 'The same manager took it back again and again, so it is not healed any more.',
  })
  contested!: boolean;
}

@ObjectType('DriftEpisode', { description: 'A difference that is, or that was.' })
export class DriftEpisodeType {
  /** What the resolved fields need; not part of the API. */
  row!: DriftEpisode;

  @Field(() => ID, { description: 'Opaque; that of the item while it was open.' })
  id!: string;

  @Field(() => ObjectRefType, { description: 'Which object.' })
  object!: ObjectRefType;

  @Field(() => String, { nullable: true, description: 'Which field; null: the whole object.' })
  path!: string | null;

  @Field(() => DriftTypeEnum, { description: 'How it differed.' })
  type!: DriftType;

  @Field(() => String, { nullable: true, description: 'The field manager that made it; null: unknown.' })
  manager!: string | null;

  @Field(() => ManagerClassEnum, { description: 'What sort of writer that is.' })
  managerClass!: ManagerClass;

  @Field(() => Int, { description: 'How often the agent put it back.' })
  healedCount!: number;

  @Field(() => Boolean, { description: 'It was fought over.' })
  contested!: boolean;

  @Field(() => DateTimeScalar, { description: 'When the agent first saw it.' })
  openedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended; null while it is open.' })
  closedAt!: Date | null;

  @Field(() => EpisodeEndEnum, { nullable: true, description: 'How it ended; null while it is open.' })
  closedBy!: EpisodeEnd | null;
}

@ObjectType('DriftChange', { description: 'Drift that came and went.' })
export class DriftChangeType {
  @Field(() => [DriftItemType], { description: 'What is open since.' })
  opened!: DriftItemType[];

  @Field(() => [DriftEpisodeType], { description: 'What ended.' })
  closed!: DriftEpisodeType[];
}

/** For every field that answers an item. */
export function toDriftItemType(row: DriftItem): DriftItemType {
  const { type, desired, live, masked, managerClass, changedAt, firstSeenAt, healedCount, contested } = row;
  return {
    row,
    id: encodeId('drift', row.id),
    object: objectOf(row),
    path: orNull(row.path),
    type,
    desired,
    live,
    masked,
    manager: orNull(row.manager),
    managerClass,
    operation: orNull(row.operation),
    subresource: orNull(row.subresource),
    changedAt,
    firstSeenAt,
    healedCount,
    contested,
  };
}

/** For every field that answers an episode. */
export function toDriftEpisodeType(row: DriftEpisode): DriftEpisodeType {
  const { type, managerClass, healedCount, contested, firstSeenAt, closedAt, closedBy } = row;
  return {
    row,
    id: encodeId('drift', row.id),
    object: objectOf(row),
    path: orNull(row.path),
    type,
    manager: orNull(row.manager),
    managerClass,
    healedCount,
    contested,
    openedAt: firstSeenAt,
    closedAt,
    closedBy,
  };
}

type Named = Pick<DriftItem, 'apiVersion' | 'kind' | 'namespace' | 'name'>;

function objectOf({ apiVersion, kind, namespace, name }: Named): ObjectRefType {
  return { apiVersion, kind, namespace: orNull(namespace), name };
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
