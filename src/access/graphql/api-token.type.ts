// An API token and a viewer, as the API shows them.
import { Field, ID, ObjectType } from '@nestjs/graphql';
import { DateTimeScalar } from '../../platform/graphql/scalars.ts';
import type { Role } from '../domain/caller.ts';
import { RoleEnum } from './role.type.ts';

@ObjectType('ApiToken', {
  description: 'A token of a person or program. Its secret was shown once, when it was made.',
})
export class ApiTokenType {
  @Field(() => ID, { description: 'For revokeApiToken.' })
  id!: string;

  @Field(() => String, { description: 'What it is for.' })
  name!: string;

  @Field(() => String, { description: 'Whose it is: requester and approver are this user.' })
  user!: string;

  @Field(() => RoleEnum, { description: 'What it may do.' })
  role!: Role;

  @Field(() => [String], { description: 'Addresses of the user; a commit’s author is matched by them.' })
  emails!: readonly string[];

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ends by itself; null: never.' })
  expiresAt?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was used last, give or take 10 s.' })
  lastUsedAt?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was revoked.' })
  revokedAt?: Date | null;
}

@ObjectType('Viewer', { description: 'Who calls.' })
export class ViewerType {
  @Field(() => String, { description: 'The name of the token.' })
  name!: string;

  @Field(() => String, { description: 'Whose token it is.' })
  user!: string;

  @Field(() => RoleEnum, { description: 'What the token may do.' })
  role!: Role;
}
