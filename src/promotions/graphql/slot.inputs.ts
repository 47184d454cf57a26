// How slots are named and filtered.
import { ArgsType, Field } from '@nestjs/graphql';
import { DateTimeScalar } from '../../platform/graphql/scalars.ts';
import type { SlotFilter } from '../promotion-read-store.ts';

@ArgsType()
export class SlotNamesArgs {
  @Field(() => String, { description: 'Name of the application.' })
  application!: string;

  @Field(() => String, { description: 'Name of the environment.' })
  environment!: string;
}

@ArgsType()
export class HoldSlotArgs extends SlotNamesArgs {
  @Field(() => String, { description: 'Why, for the record.' })
  reason!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Left out: until somebody ends it.' })
  until?: Date | null;
}

@ArgsType()
export class EndHoldArgs extends SlotNamesArgs {
  @Field(() => String, { nullable: true, description: 'Why, for the record.' })
  reason?: string | null;
}

@ArgsType()
export class SlotFilterArgs {
  @Field(() => String, { nullable: true, description: 'Name of the application; absent: all.' })
  application?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the environment; absent: all.' })
  environment?: string | null;
}

@ArgsType()
export class SlotListArgs extends SlotFilterArgs {
  @Field(() => Boolean, {
    nullable: true,
    description: 'Those that are held now, or the others; absent: all.',
  })
  held?: boolean | null;
}

/** The filter in the domain's words. */
export function toSlotFilter({ application, environment, held }: SlotListArgs): SlotFilter {
  return {
    application: application ?? undefined,
    environment: environment ?? undefined,
    held: held ?? undefined,
  };
}
