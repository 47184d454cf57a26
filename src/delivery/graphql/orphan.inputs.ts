// What an agent says of instances that the hub does not know, checked at the door.
import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { MAX_REPORTED_ORPHANS } from '@fairlead/protocol/report';
import { invalid } from '../../platform/errors.ts';
import type { ReportedOrphan } from '../orphan-store.ts';

@InputType({
  description: 'For agents: an instance that left an inventory in the cluster and is not assigned.',
})
export class OrphanInput {
  @Field(() => ID, { description: 'As the label on its objects says.' })
  instance!: string;

  @Field(() => String, { description: 'As it was called when it was assigned.' })
  application!: string;

  @Field(() => String, { description: 'As it was called when it was assigned.' })
  environment!: string;

  @Field(() => Int, { description: 'How many objects its inventory names.' })
  objects!: number;
}

/** Throws INVALID for too many, and for what is no instance or no name. */
export function toOrphans(inputs: readonly OrphanInput[]): ReportedOrphan[] {
  const isWrong = ({ instance, application, environment, objects }: OrphanInput): boolean =>
    !/^[0-9a-f]{32}$/.test(instance) || Math.max(application.length, environment.length) > 253 || objects < 0;
  const problems = inputs.filter(isWrong).map(({ instance }) => `${instance.slice(0, 64)} is no orphan.`);
  if (inputs.length > MAX_REPORTED_ORPHANS) problems.push(`at most ${MAX_REPORTED_ORPHANS} are reported.`);
  if (problems.length > 0) throw invalid('orphans', problems);
  const byId = new Map(
    inputs.map(({ instance, ...orphan }) => [instance, { trackingId: instance, ...orphan }]),
  );
  return [...byId.values()];
}

/** Throws INVALID for what is no session's number. */
export function toSession(session: number): bigint {
  if (!Number.isSafeInteger(session) || session < 0) {
    throw invalid('orphans', [`session: ${session} is no whole number.`]);
  }
  return BigInt(session);
}
