// What people give with their decisions.
import { ArgsType, Field, ID } from '@nestjs/graphql';

@ArgsType()
export class DecisionArgs {
  @Field(() => ID, { description: 'The promotion.' })
  id!: string;

  @Field(() => String, { description: 'Why, for the record.' })
  reason!: string;
}

@ArgsType()
export class CancelArgs extends DecisionArgs {
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Return what has moved to what ran before, by a linked rollback.',
  })
  revert?: boolean | null;
}

@ArgsType()
export class ApproveArgs {
  @Field(() => ID, { description: 'The promotion.' })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the gate; may be left out while one that the caller may approve waits.',
  })
  gate?: string | null;

  @Field(() => String, { nullable: true, description: 'What others should know.' })
  comment?: string | null;
}

@ArgsType()
export class OverrideGateArgs {
  @Field(() => ID, { description: 'The promotion.' })
  promotion!: string;

  @Field(() => String, { description: 'Name of the gate.' })
  gate!: string;

  @Field(() => String, { description: 'Why, for the record.' })
  reason!: string;
}
