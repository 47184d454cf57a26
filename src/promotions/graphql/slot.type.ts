// A slot, as GraphQL shows it; everything but its identity is a resolved field.
import { ObjectType } from '@nestjs/graphql';
import type { Slot } from '../promotion-store.ts';

@ObjectType('Slot', {
  description: 'One application in one environment: what runs there, what moves, what waits.',
})
export class SlotType {
  /** What the resolved fields need; not part of the API. */
  source!: Slot;
}
