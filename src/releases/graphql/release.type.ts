// Releases and bundles, as GraphQL shows them.
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { encodeId } from '../../platform/graphql/opaque-id.ts';
import { DateTimeScalar } from '../../platform/graphql/scalars.ts';
import type { Release } from '../domain/release.ts';

@ObjectType('Bundle', { description: 'Rendered objects of an environment, addressed by their content.' })
export class BundleType {
  /** For the resolved field; not part of the API. */
  environmentId!: bigint;

  @Field(() => String, { description: 'SHA-256 of the canonical text, hexadecimal.' })
  digest!: string;

  @Field(() => Int, { description: 'How many objects.' })
  objects!: number;

  @Field(() => Int, { description: 'Size of the canonical text.' })
  bytes!: number;
}

@ObjectType('Release', { description: 'An immutable version of one application.' })
export class ReleaseType {
  /** What the resolved fields need; not part of the API. */
  row!: Release;

  @Field(() => ID, { description: 'Opaque.' })
  id!: string;

  @Field(() => Int, { description: '1, 2, 3 … for each application.' })
  number!: number;

  @Field(() => String, { description: 'The whole commit id.' })
  commit!: string;

  @Field(() => String, { description: 'Who wrote the commit.' })
  author!: string;

  @Field(() => String, { description: 'What the commit says.' })
  message!: string;

  @Field(() => DateTimeScalar, { description: 'When it was committed.' })
  committedAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it became a release.' })
  createdAt!: Date;
}

/** For every field that answers a release. */
export function toReleaseType(row: Release): ReleaseType {
  const { id, number, commit, author, message, committedAt, createdAt } = row;
  return { row, id: encodeId('release', id), number, commit, author, message, committedAt, createdAt };
}
