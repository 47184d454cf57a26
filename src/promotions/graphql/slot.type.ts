// A slot, as GraphQL shows it; everything but its identity is a resolved field.
import { Field, ID, ObjectType } from '@nestjs/graphql';
import { encodeId } from '../../platform/graphql/opaque-id.ts';
import type { Slot } from '../promotion-store.ts';

@ObjectType('Slot', {
  description: 'One application in one environment: what runs there, what moves, what waits.',
})
export class SlotType {
  /** What the resolved fields need; not part of the API. */
  source!: Slot;

  @Field(() => ID, { description: 'Opaque.' })
  id!: string;
}

export function toSlotType(slot: Slot): SlotType {
  return { source: slot, id: encodeId('slot', slot.id) };
}
