// The role, as the API spells it.
import { registerEnumType } from '@nestjs/graphql';
import { roles, type Role } from '../domain/caller.ts';

/** Enum object for `@Field(() => RoleEnum)`. */
export const RoleEnum = Object.fromEntries(roles.map((role) => [role, role])) as { [R in Role]: R };

registerEnumType(RoleEnum, {
  name: 'Role',
  description: 'What somebody may do. Each role may do what the ones before it may.',
  valuesMap: {
    VIEWER: { description: 'Reads.' },
    OPERATOR: { description: 'Saves applications, promotes, approves, rolls back.' },
    ADMIN: { description: 'Also clusters, tokens, repositories, environments and policies.' },
  },
});
