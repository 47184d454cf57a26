// The hub's health rules, as agents get them.
import { Field, ObjectType } from '@nestjs/graphql';
import { JsonScalar } from '../../platform/graphql/scalars.ts';

@ObjectType({ description: 'For agents: the health rules that hold for every instance.' })
export class AgentHealthRules {
  @Field(() => String, {
    nullable: true,
    description: 'The `healthRulesDigest` that these answer; null where there are none.',
  })
  digest!: string | null;

  @Field(() => JsonScalar, { description: 'A list, in the form in which they were saved.' })
  rules!: unknown;
}
