// A repository, as GraphQL shows it: everything but its credential.
import { Field, ObjectType } from '@nestjs/graphql';
import { DateTimeScalar } from '../../platform/graphql/scalars.ts';
import type { CredentialKind } from '../domain/repository-credential.ts';
import { CredentialKindEnum } from './application.enums.ts';
import { SourceErrorType } from './source-error.type.ts';

@ObjectType('Repository', { description: 'A Git repository that the hub fetches from.' })
export class RepositoryType {
  @Field(() => String, { description: 'Its address; unique.' })
  url!: string;

  @Field(() => CredentialKindEnum, {
    description: 'How the hub logs in; the credential itself is write-only.',
  })
  credential!: CredentialKind;

  @Field(() => DateTimeScalar, { nullable: true, description: 'The last successful fetch, to the minute.' })
  lastFetchedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'The commit of its HEAD then.' })
  lastCommit!: string | null;

  @Field(() => SourceErrorType, { nullable: true, description: 'Why the last fetch failed.' })
  error!: SourceErrorType | null;
}
