// What createJoinToken takes.
import { Field, InputType, Int } from '@nestjs/graphql';
import { DurationScalar, JsonScalar } from '../../platform/graphql/scalars.ts';
import type { JoinTokenInput } from '../join-token-commands.ts';

const HOUR_MS = 3_600_000;

/** A null means the same as leaving a field out: its default. */
@InputType({ description: 'A new join token.' })
export class CreateJoinTokenInput {
  @Field(() => String, { description: 'A name, or a pattern with *.' })
  clusterName!: string;

  @Field(() => JsonScalar, { nullable: true, description: 'Labels of the clusters that join with it.' })
  labels?: unknown;

  @Field(() => Int, { nullable: true, defaultValue: 1, description: 'How many clusters may join with it.' })
  maxUses?: number | null = 1;

  @Field(() => DurationScalar, {
    nullable: true,
    defaultValue: HOUR_MS,
    description: 'How long it may be used.',
  })
  expiresIn?: number | null = HOUR_MS;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'False: a person accepts each cluster (acceptCluster) before anything is assigned to it.',
  })
  autoAccept?: boolean | null = true;

  @Field(() => String, {
    nullable: true,
    description:
      'The name of an enrolled cluster whose place a rebuilt one may take, labels and instances included.',
  })
  replaces?: string | null;
}

/** What the caller asks for, with every default in its place. */
export function toJoinTokenInput(input: CreateJoinTokenInput): JoinTokenInput {
  return {
    clusterName: input.clusterName,
    labels: input.labels ?? {},
    maxUses: input.maxUses ?? 1,
    expiresInMs: input.expiresIn ?? HOUR_MS,
    autoAccept: input.autoAccept ?? true,
    replaces: input.replaces ?? null,
  };
}
