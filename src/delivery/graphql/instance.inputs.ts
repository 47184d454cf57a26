// How people choose among instances.
import { Field, InputType, Int } from '@nestjs/graphql';
import type { Health } from '@fairlead/protocol/health';
import type { SyncStatus } from '@fairlead/protocol/sync-status';
import { readSelector } from '../../clusters/graphql/selector-input.type.ts';
import { LabelSelectorScalar } from '../../platform/graphql/scalars.ts';
import type { InstanceFilter } from '../domain/instance.ts';
import { HealthEnum, SyncStatusEnum } from './instance.enums.ts';

@InputType('InstanceFilter', { description: 'Which instances; all given conditions must hold.' })
export class InstanceFilterInput {
  @Field(() => String, { nullable: true, description: 'Of this application.' })
  application?: string | null;

  @Field(() => String, { nullable: true, description: 'In this environment.' })
  environment?: string | null;

  @Field(() => String, { nullable: true, description: 'On this cluster.' })
  cluster?: string | null;

  @Field(() => LabelSelectorScalar, { nullable: true, description: 'On clusters whose labels match.' })
  selector?: string | null;

  @Field(() => [SyncStatusEnum], { nullable: true, description: 'With one of these.' })
  sync?: SyncStatus[] | null;

  @Field(() => [HealthEnum], { nullable: true, description: 'With one of these.' })
  health?: Health[] | null;

  @Field(() => Boolean, { nullable: true, description: 'With drift, or without.' })
  drifted?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'On clusters that are not ONLINE, or that are.' })
  stale?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Not seen wholly on the release of this number, those never seen on one included.',
  })
  notOnRelease?: number | null;
}

/** The `filter` argument of every list of instances. */
export const instanceFilterArgument = {
  name: 'filter',
  type: () => InstanceFilterInput,
  nullable: true,
  description: 'Which instances; absent: all.',
};

/** The filter in the domain's words. Throws INVALID for a selector that cannot be read. */
export function toInstanceFilter(input: InstanceFilterInput | null | undefined): InstanceFilter {
  const { selector, ...rest } = input ?? {};
  const given = Object.entries(rest).filter(([, value]) => value !== null && value !== undefined);
  const bySelector = selector === null || selector === undefined ? {} : { selector: readSelector(selector) };
  return { ...(Object.fromEntries(given) as InstanceFilter), ...bySelector };
}
