// The arguments of every change that may remove instances.
import { ArgsType, Field, Int } from '@nestjs/graphql';
import type { RemovalConsent } from '../fleet-membership-port.ts';

@ArgsType()
export class RemovalArgs {
  @Field(() => Int, {
    nullable: true,
    description: 'How many instances may go: exactly the count that the refusal REMOVES_INSTANCES names.',
  })
  confirmRemovals?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether their objects are deleted from the clusters. Else they stay there, unmanaged.',
  })
  prune?: boolean | null = false;
}

/** What the caller agreed to. */
export function toConsent({ confirmRemovals, prune }: RemovalArgs): RemovalConsent {
  return { confirmRemovals: confirmRemovals ?? undefined, prune: prune ?? false };
}
