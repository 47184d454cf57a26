// A join token, as the API shows it.
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { DateTimeScalar, JsonScalar } from '../../platform/graphql/scalars.ts';
import type { Labels } from '../domain/labels.ts';

@ObjectType('JoinToken', {
  description: 'What lets clusters join. Its secret was shown once, when it was made.',
})
export class JoinTokenType {
  @Field(() => ID, { description: 'For revokeJoinToken.' })
  id!: string;

  @Field(() => String, {
    description: 'The name that the cluster gets, or a pattern with * that its name must fit.',
  })
  clusterName!: string;

  @Field(() => JsonScalar, { description: 'The labels that its clusters get.' })
  labels!: Labels;

  @Field(() => Int, { description: 'How many clusters may join with it.' })
  maxUses!: number;

  @Field(() => Int, { description: 'How many have.' })
  uses!: number;

  @Field(() => Boolean, { description: 'False: acceptCluster is needed before anything is assigned.' })
  autoAccept!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'The enrolled cluster whose place a rebuilt one takes.',
  })
  replaces?: string | null;

  @Field(() => DateTimeScalar, { description: 'When it ends by itself.' })
  expiresAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was revoked.' })
  revokedAt?: Date | null;

  @Field(() => String, { description: 'The user who made it.' })
  createdBy!: string;
}
