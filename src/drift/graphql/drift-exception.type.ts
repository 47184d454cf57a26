// An exception, as the API shows it.
import { Field, ID, ObjectType } from '@nestjs/graphql';
import { encodeId } from '../../platform/graphql/opaque-id.ts';
import { DateTimeScalar, LabelSelectorScalar } from '../../platform/graphql/scalars.ts';
import type { DriftException } from '../domain/exception.ts';

const any = (what: string) => ({ nullable: true, description: `${what}; null: any.` });

@ObjectType('DriftException', { description: 'Drift that a person accepted for a while.' })
export class DriftExceptionType {
  @Field(() => ID, { description: 'Opaque.' })
  id!: string;

  @Field(() => String, { description: 'Why.' })
  reason!: string;

  @Field(() => String, { description: 'Who accepted it.' })
  createdBy!: string;

  @Field(() => DateTimeScalar, { description: 'When.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it ends by itself.' })
  until!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended; null while it is in force.' })
  endedAt!: Date | null;

  @Field(() => String, any('Of this application'))
  application!: string | null;

  @Field(() => String, any('In this environment'))
  environment!: string | null;

  @Field(() => String, any('On this cluster'))
  cluster!: string | null;

  @Field(() => LabelSelectorScalar, any('On clusters whose labels match'))
  selector!: string | null;

  @Field(() => String, any('Of objects of this kind'))
  objectKind!: string | null;

  @Field(() => String, any('Of objects in this namespace'))
  namespace!: string | null;

  @Field(() => String, any('Of objects of this name'))
  name!: string | null;

  @Field(() => String, any('Of this field'))
  path!: string | null;

  @Field(() => String, any('Made by this field manager'))
  manager!: string | null;
}

/** For every field that answers an exception. */
export function toDriftExceptionType(row: DriftException): DriftExceptionType {
  const { id, reason, createdBy, createdAt, until, endedAt } = row;
  return {
    id: encodeId('drift exception', id),
    reason,
    createdBy,
    createdAt,
    until,
    endedAt,
    application: orNull(row.application),
    environment: orNull(row.environment),
    cluster: orNull(row.cluster),
    selector: orNull(row.selector),
    objectKind: orNull(row.objectKind),
    namespace: orNull(row.namespace),
    name: orNull(row.name),
    path: orNull(row.path),
    manager: orNull(row.manager),
  };
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
