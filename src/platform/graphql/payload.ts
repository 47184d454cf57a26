// Mutation payloads: the thing, or the refusal that says why not. Never both.
import type { Type } from '@nestjs/common';
import { Field, ObjectType } from '@nestjs/graphql';
import type { GraphQLScalarType } from 'graphql';
import { isRefusal, type Refusal } from '../refusal.ts';

/** An expected no, as callers see it. */
@ObjectType('Refusal', { description: 'Why something was not done. An expected no, not an error.' })
export class RefusalType implements Refusal {
  @Field(() => String, { description: 'A stable word for programs, for example REMOVES_INSTANCES.' })
  code!: string;

  @Field(() => String, { description: 'One sentence for a person: what, why, what to do.' })
  message!: string;

  @Field(() => [String], { description: 'Each problem by itself.' })
  reasons!: string[];
}

type FieldType = Type | GraphQLScalarType | StringConstructor | BooleanConstructor | NumberConstructor;
type ValueOf<T> = T extends StringConstructor
  ? string
  : T extends BooleanConstructor
    ? boolean
    : T extends NumberConstructor
      ? number
      : T extends Type<infer Instance>
        ? Instance
        : T extends GraphQLScalarType<infer Internal>
          ? Internal
          : never;

/** A payload's value: every field is null where `refusal` is set. */
export type Payload<Fields extends Record<string, FieldType>> = {
  [Name in keyof Fields]?: ValueOf<Fields[Name]> | null;
} & { refusal?: Refusal | null };

type NoMore = { readonly [name in never]: FieldType };

const payloads = new Map<string, Type>();

/**
 * The class of a payload, made once per name: `payloadOf('SaveEnvironmentPayload', 'environment', EnvironmentType)`;
 * further fields as the last argument: `payloadOf('CreateJoinTokenPayload', 'joinToken', JoinTokenType, { secret: String })`.
 */
export function payloadOf<
  Name extends string,
  T extends FieldType,
  More extends Record<string, FieldType> = NoMore,
>(payloadName: string, field: Name, type: T, more?: More): Type<Payload<Record<Name, T> & More>> {
  const known = payloads.get(payloadName) ?? buildPayload(payloadName, { [field]: type, ...more });
  payloads.set(payloadName, known);
  return known as Type<Payload<Record<Name, T> & More>>;
}

function buildPayload(payloadName: string, fields: Readonly<Record<string, FieldType>>): Type {
  @ObjectType(payloadName, { description: 'What was done, or the refusal that says why nothing was.' })
  class MutationPayload {
    @Field(() => RefusalType, { nullable: true, description: 'Set where nothing was done.' })
    refusal?: Refusal | null;
  }
  for (const [name, type] of Object.entries(fields)) {
    Field(() => type, { nullable: true, description: 'Null where it was refused.' })(
      MutationPayload.prototype,
      name,
    );
  }
  return MutationPayload;
}

/** The payload of everything that deletes. */
export const DeletePayload = payloadOf('DeletePayload', 'deleted', Boolean);
export type DeletePayload = InstanceType<typeof DeletePayload>;

/** A command's result as a payload: `toPayload(result, (row) => ({ environment: toEnvironmentType(row) }))`. */
export function toPayload<Result, Fields extends object>(
  result: Result | Refusal,
  fields: (result: Exclude<Result, Refusal>) => Fields,
): Partial<Fields> & { refusal?: Refusal } {
  if (isRefusal(result)) return { refusal: result } as Partial<Fields> & { refusal: Refusal };
  return fields(result as Exclude<Result, Refusal>);
}
