// Freezes, as GraphQL shows and takes them.
import { ArgsType, Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { encodeId } from '../../platform/graphql/opaque-id.ts';
import { DateTimeScalar, LabelSelectorScalar } from '../../platform/graphql/scalars.ts';
import type { FreezeRequest } from '../freezes/freeze-commands.ts';
import type { Freeze } from '../freezes/freeze-store.ts';

@ObjectType('Freeze', {
  description: 'A time in which nothing starts; all that is given must match, nothing: everything.',
})
export class FreezeType {
  @Field(() => ID, { description: 'Opaque.' })
  id!: string;

  @Field(() => String, { description: 'Why.' })
  reason!: string;

  @Field(() => String, { description: 'Who.' })
  createdBy!: string;

  @Field(() => DateTimeScalar, { description: 'When it begins.' })
  from!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it ends by itself; null: until somebody ends it.',
  })
  until!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When somebody ended it.' })
  endedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Name of the application.' })
  application!: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the environment.' })
  environment!: string | null;

  @Field(() => LabelSelectorScalar, {
    nullable: true,
    description: 'Promotions to any cluster that matches.',
  })
  selector!: string | null;
}

@InputType({ description: 'All that is given must match; nothing: everything.' })
export class FreezeInput {
  @Field(() => String, { description: 'Why, for the record.' })
  reason!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Left out: now.' })
  from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Left out: until somebody ends it.' })
  until?: Date | null;

  @Field(() => String, { nullable: true, description: 'Name of an application.' })
  application?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of an environment.' })
  environment?: string | null;

  @Field(() => LabelSelectorScalar, {
    nullable: true,
    description: 'Promotions to any cluster that matches.',
  })
  selector?: string | null;
}

@ArgsType()
export class EndFreezeArgs {
  @Field(() => ID, { description: 'The freeze.' })
  id!: string;

  @Field(() => String, { description: 'Why, for the record.' })
  reason!: string;
}

@ArgsType()
export class FreezeFilterArgs {
  @Field(() => Boolean, { nullable: true, description: 'Those that are on now, or the others; absent: all.' })
  active?: boolean | null;
}

export function toFreezeType({ id, ...freeze }: Freeze): FreezeType {
  return { ...freeze, id: encodeId('freeze', id) };
}

/** A null means the same as leaving a field out. */
export function toFreezeRequest(input: FreezeInput): FreezeRequest {
  const { reason, from, until, application, environment, selector } = input;
  const scope = {
    application: application ?? null,
    environment: environment ?? null,
    selector: selector ?? null,
  };
  return { reason, from: from ?? null, until: until ?? null, ...scope };
}
