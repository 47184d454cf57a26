// A commit that a release brings, as GraphQL shows it.
import { Field, ObjectType } from '@nestjs/graphql';
import { DateTimeScalar } from '../../platform/graphql/scalars.ts';
import type { ReleaseCommit } from '../domain/release.ts';

@ObjectType('Commit', { description: 'A commit that a release brings.' })
export class CommitType {
  @Field(() => String, { description: 'The whole commit id.' })
  sha!: string;

  @Field(() => String, { description: 'Who wrote it.' })
  author!: string;

  @Field(() => String, { description: 'What it says; a very long message is cut.' })
  message!: string;

  @Field(() => DateTimeScalar, { description: 'When it was committed.' })
  committedAt!: Date;
}

/** For every field that answers a commit. */
export function toCommitType({ commit, author, message, committedAt }: ReleaseCommit): CommitType {
  return { sha: commit, author, message, committedAt };
}
