// What createApiToken takes.
import { Field, InputType } from '@nestjs/graphql';
import { DurationScalar } from '../../platform/graphql/scalars.ts';
import type { Role } from '../domain/caller.ts';
import { RoleEnum } from './role.type.ts';

@InputType({ description: 'A new API token.' })
export class CreateApiTokenInput {
  @Field(() => String, { description: 'What it is for.' })
  name!: string;

  @Field(() => String, { description: 'Whose it is.' })
  user!: string;

  @Field(() => RoleEnum, { description: 'What it may do.' })
  role!: Role;

  @Field(() => [String], { nullable: true, description: 'Addresses that the user commits with.' })
  emails?: string[] | null;

  @Field(() => DurationScalar, { nullable: true, description: 'When it ends by itself; left out: never.' })
  expiresIn?: number | null;
}
