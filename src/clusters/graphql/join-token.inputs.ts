// What createJoinToken takes.
import { Field, InputType, Int } from '@nestjs/graphql';
import { DurationScalar, JsonScalar } from '../../platform/graphql/scalars.ts';

const HOUR_MS = 3_600_000;

@InputType({ description: 'A new join token.' })
export class CreateJoinTokenInput {
  @Field(() => String, { description: 'A name, or a pattern with *.' })
  clusterName!: string;

  @Field(() => JsonScalar, { nullable: true, description: 'Labels of the clusters that join with it.' })
  labels?: unknown;

  @Field(() => Int, { defaultValue: 1, description: 'How many clusters may join with it.' })
  maxUses: number = 1;

  @Field(() => DurationScalar, { defaultValue: HOUR_MS, description: 'How long it may be used.' })
  expiresIn: number = HOUR_MS;

  @Field(() => Boolean, {
    defaultValue: true,
    description: 'False: a person accepts each cluster (acceptCluster) before anything is assigned to it.',
  })
  autoAccept: boolean = true;

  @Field(() => String, {
    nullable: true,
    description:
      'The name of an enrolled cluster whose place a rebuilt one may take, labels and instances included.',
  })
  replaces?: string | null;
}
