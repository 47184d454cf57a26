// An event as people see it.
import { Field, ID, ObjectType } from '@nestjs/graphql';
import { DateTimeScalar, JsonScalar } from '../../platform/graphql/scalars.ts';

@ObjectType('Event', {
  description: 'One thing that happened. It carries names, so that history survives deletion.',
})
export class EventType {
  @Field(() => ID, { description: 'Identifies the event.' })
  id!: string;

  @Field(() => DateTimeScalar, { description: 'When it was recorded.' })
  at!: Date;

  @Field(() => String, { description: 'What happened, as noun.verb: cluster.joined, release.created.' })
  kind!: string;

  @Field(() => String, { description: 'Who did it: a user, agent:NAME, or fairlead for automation.' })
  actor!: string;

  @Field(() => String, { description: 'One sentence for a person.' })
  message!: string;

  @Field(() => String, { nullable: true, description: 'The application that it concerns.' })
  application?: string | null;

  @Field(() => String, { nullable: true, description: 'The environment that it concerns.' })
  environment?: string | null;

  @Field(() => String, { nullable: true, description: 'The cluster that it concerns.' })
  cluster?: string | null;

  @Field(() => ID, { nullable: true, description: 'The promotion that it concerns.' })
  promotion?: string | null;

  @Field(() => JsonScalar, { nullable: true, description: 'Further facts, by kind.' })
  data?: unknown;
}
