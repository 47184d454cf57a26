// Why a source or a repository gives nothing, as GraphQL shows it.
import { Field, ObjectType } from '@nestjs/graphql';
import { DateTimeScalar } from '../../platform/graphql/scalars.ts';

@ObjectType('SourceError', {
  description: 'Why the last look at a source failed; the last good release stays.',
})
export class SourceErrorType {
  @Field(() => String, {
    description: 'A stable word, for example YAML_INVALID or REPOSITORY_AUTHENTICATION.',
  })
  code!: string;

  @Field(() => String, { description: 'File and reason, and what to do.' })
  message!: string;

  @Field(() => DateTimeScalar, { description: 'Since when.' })
  at!: Date;
}
