// A Kubernetes object by its name.
import { Field, InputType, ObjectType } from '@nestjs/graphql';
import type { ObjectRef } from '@fairlead/protocol/resource-id';

@ObjectType('ObjectRef', { description: 'Names one object in one cluster.' })
export class ObjectRefType {
  @Field(() => String, { description: 'Group and version: apps/v1.' })
  apiVersion!: string;

  @Field(() => String, { description: 'Of the object.' })
  kind!: string;

  @Field(() => String, { nullable: true, description: 'Null for kinds that have none.' })
  namespace?: string | null;

  @Field(() => String, { description: 'Of the object.' })
  name!: string;
}

@InputType({ description: 'Names one object in one cluster.' })
export class ObjectRefInput {
  @Field(() => String, { description: 'Group and version: apps/v1.' })
  apiVersion!: string;

  @Field(() => String, { description: 'Of the object.' })
  kind!: string;

  @Field(() => String, { nullable: true, description: 'Left out for kinds that have none.' })
  namespace?: string | null;

  @Field(() => String, { description: 'Of the object.' })
  name!: string;
}

/** As stored: a member that is null was not given. */
export function toObjectRef({ apiVersion, kind, namespace, name }: ObjectRefInput): ObjectRef {
  return namespace ? { apiVersion, kind, namespace, name } : { apiVersion, kind, name };
}
