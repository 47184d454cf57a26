// An environment, as the API shows it.
import { Field, ID, ObjectType } from '@nestjs/graphql';
import { encodeId } from '../../platform/graphql/opaque-id.ts';
import { LabelSelectorScalar } from '../../platform/graphql/scalars.ts';
import type { Environment } from '../domain/environment.ts';

@ObjectType('Environment', { description: 'A named set of clusters, chosen by their labels.' })
export class EnvironmentType {
  @Field(() => ID, { description: 'Opaque.' })
  id!: string;

  @Field(() => String, { description: 'Unique.' })
  name!: string;

  @Field(() => LabelSelectorScalar, { description: 'Which accepted clusters are in it; empty: all.' })
  selector!: string;
}

/** For every field that answers an environment. */
export function toEnvironmentType({ id, name, selector }: Environment): EnvironmentType {
  return { id: encodeId('environment', id), name, selector };
}
