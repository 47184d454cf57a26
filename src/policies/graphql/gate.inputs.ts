// What a person gives to describe the gates of a step.
import { Field, InputType, Int } from '@nestjs/graphql';
import type { Role } from '../../access/domain/caller.ts';
import { RoleEnum } from '../../access/graphql/role.type.ts';
import { DurationScalar } from '../../platform/graphql/scalars.ts';
import type { Weekday } from '../domain/policy-step.ts';
import { CheckInput } from './check.inputs.ts';
import { WeekdayEnum } from './policy.enums.ts';

/** What a gate says where its input does not; a null means the same as leaving a field out. */
export const gateDefaults = {
  grace: 120_000,
  count: 1,
  notRequester: true,
  notAuthor: false,
  approvalExpires: 7 * 86_400_000,
  webhookExpires: 86_400_000,
};

@InputType({ description: 'The release must have been verified and healthy somewhere for a while.' })
export class SoakGateInput {
  @Field(() => String, {
    nullable: true,
    description: 'Where; left out: every environment that comes before.',
  })
  environment?: string | null;

  @Field(() => DurationScalar, { description: 'How long, from its verification there.' })
  duration!: number;

  @Field(() => DurationScalar, {
    nullable: true,
    defaultValue: gateDefaults.grace,
    description: 'Being degraded for longer than this begins the soak anew.',
  })
  grace?: number | null;
}

@InputType({ description: 'Consent of several people.' })
export class ApprovalGateInput {
  @Field(() => Int, {
    nullable: true,
    defaultValue: gateDefaults.count,
    description: 'How many different people.',
  })
  count?: number | null;

  @Field(() => [RoleEnum], { nullable: true, description: 'Who may approve; left out: OPERATOR and ADMIN.' })
  roles?: Role[] | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: gateDefaults.notRequester,
    description: 'Who asked for the promotion does not count.',
  })
  notRequester?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: gateDefaults.notAuthor,
    description: 'Authors of the commits that the promotion brings do not count.',
  })
  notAuthor?: boolean | null;

  @Field(() => DurationScalar, {
    nullable: true,
    defaultValue: gateDefaults.approvalExpires,
    description:
      'How long an approval counts, and how long the gate waits for all of them before the promotion expires.',
  })
  expires?: number | null;
}

@InputType({ description: 'Part of a day; all that is given must match.' })
export class WindowInput {
  @Field(() => [WeekdayEnum], { nullable: true, description: 'Left out: every day.' })
  days?: Weekday[] | null;

  @Field(() => String, { nullable: true, description: '"22:00"; left out: from the beginning of the day.' })
  from?: string | null;

  @Field(() => String, {
    nullable: true,
    description: '"02:00", not included; before `from` it is on the next day.',
  })
  to?: string | null;

  @Field(() => [String], { nullable: true, description: '"2026-12-24"; left out: every date.' })
  dates?: string[] | null;
}

@InputType({ description: 'Times at which a promotion may start, on the wall clock of a zone.' })
export class WindowGateInput {
  @Field(() => String, { description: 'IANA name: "Europe/Berlin".' })
  timeZone!: string;

  @Field(() => [WindowInput], { nullable: true, description: 'Left out: always, but for what is excluded.' })
  allow?: WindowInput[] | null;

  @Field(() => [WindowInput], { nullable: true, description: 'Beats what is allowed.' })
  exclude?: WindowInput[] | null;
}

@InputType({ description: "Another application's release must be verified." })
export class DependencyGateInput {
  @Field(() => String, { description: 'Name of the other application.' })
  application!: string;

  @Field(() => String, { nullable: true, description: 'Where; left out: the environment of this step.' })
  environment?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Its release must have at least this number; left out: any.',
  })
  minRelease?: number | null;
}

@InputType({ description: 'An outside system is asked, and answers by a signed call.' })
export class WebhookGateInput {
  @Field(() => String, { description: 'An http or https address.' })
  url!: string;

  @Field(() => String, { description: 'The secret, saved with saveSecret, that signs both calls.' })
  secretName!: string;

  @Field(() => DurationScalar, {
    nullable: true,
    defaultValue: gateDefaults.webhookExpires,
    description: 'How long the answer may take before the promotion expires.',
  })
  expires?: number | null;
}

@InputType({ description: 'One condition of a start: exactly one besides the name.' })
export class GateInput {
  @Field(() => String, {
    nullable: true,
    description: "Unique in the step; left out: the condition's word, such as soak.",
  })
  name?: string | null;

  @Field(() => SoakGateInput, { nullable: true, description: 'Verified and healthy for a while.' })
  soak?: SoakGateInput | null;

  @Field(() => ApprovalGateInput, { nullable: true, description: 'Consent of people.' })
  approval?: ApprovalGateInput | null;

  @Field(() => WindowGateInput, { nullable: true, description: 'Times of day and dates.' })
  window?: WindowGateInput | null;

  @Field(() => DependencyGateInput, { nullable: true, description: "Another application's release." })
  dependency?: DependencyGateInput | null;

  @Field(() => CheckInput, { nullable: true, description: 'A question to the world outside.' })
  check?: CheckInput | null;

  @Field(() => WebhookGateInput, {
    nullable: true,
    description: 'An outside system that answers by a signed call.',
  })
  webhook?: WebhookGateInput | null;

  @Field(() => Boolean, { nullable: true, description: 'No cluster of the environment has drifted.' })
  driftFree?: boolean | null;
}
