// An orphan, as the API shows it.
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { DateTimeScalar } from '../../platform/graphql/scalars.ts';
import type { Orphan } from '../orphan-store.ts';

@ObjectType('Orphan', {
  description:
    'What an agent keeps of an instance that this hub does not know, as after a restored backup. It is left alone: neither healed nor removed.',
})
export class OrphanType {
  @Field(() => ID, {
    description: 'The instance’s id, as the label fairlead.dev/instance on its objects says.',
  })
  instance!: string;

  @Field(() => String, { description: 'As the agent knows it.' })
  application!: string;

  @Field(() => String, { description: 'As the agent knows it.' })
  environment!: string;

  @Field(() => Int, { description: 'How many objects its inventory names.' })
  objects!: number;

  @Field(() => DateTimeScalar, { description: 'When this hub heard of it first.' })
  firstSeenAt!: Date;
}

/** Without the cluster, on which it is shown. */
export function toOrphanType({
  trackingId,
  application,
  environment,
  objects,
  firstSeenAt,
}: Orphan): OrphanType {
  return { instance: trackingId, application, environment, objects, firstSeenAt };
}
