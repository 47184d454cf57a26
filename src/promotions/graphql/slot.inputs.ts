// How slots are named and filtered.
import { ArgsType, Field } from '@nestjs/graphql';
import type { SlotFilter } from '../promotion-read-store.ts';

@ArgsType()
export class SlotNamesArgs {
  @Field(() => String, { description: 'Name of the application.' })
  application!: string;

  @Field(() => String, { description: 'Name of the environment.' })
  environment!: string;
}

@ArgsType()
export class SlotFilterArgs {
  @Field(() => String, { nullable: true, description: 'Name of the application; absent: all.' })
  application?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the environment; absent: all.' })
  environment?: string | null;
}

/** The filter in the domain's words. */
export function toSlotFilter({ application, environment }: SlotFilterArgs): SlotFilter {
  return { application: application ?? undefined, environment: environment ?? undefined };
}
