// The gates of a step, as GraphQL shows them.
import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { Role } from '../../access/domain/caller.ts';
import { RoleEnum } from '../../access/graphql/role.type.ts';
import { DurationScalar } from '../../platform/graphql/scalars.ts';
import type { ApprovalRule, GateRule, Weekday, WindowRule } from '../domain/policy-step.ts';
import { CheckType, toCheckType } from './check.type.ts';
import { WeekdayEnum } from './policy.enums.ts';

@ObjectType('SoakGate', {
  description: 'The release must have been verified and healthy somewhere for a while.',
})
export class SoakGateType {
  @Field(() => String, { nullable: true, description: 'Where; null: every environment that comes before.' })
  environment!: string | null;

  @Field(() => DurationScalar, { description: 'How long, from its verification there.' })
  duration!: number;

  @Field(() => DurationScalar, { description: 'Being degraded for longer than this begins the soak anew.' })
  grace!: number;
}

@ObjectType('ApprovalGate', { description: 'Consent of several people.' })
export class ApprovalGateType {
  @Field(() => Int, { description: 'How many different people.' })
  count!: number;

  @Field(() => [RoleEnum], { nullable: true, description: 'Who may approve; null: OPERATOR and ADMIN.' })
  roles!: Role[] | null;

  @Field(() => Boolean, { description: 'Who asked for the promotion does not count.' })
  notRequester!: boolean;

  @Field(() => Boolean, { description: 'Authors of the commits that the promotion brings do not count.' })
  notAuthor!: boolean;

  @Field(() => DurationScalar, {
    description: 'How long an approval counts, and the gate waits for all of them.',
  })
  expires!: number;
}

@ObjectType('Window', { description: 'Part of a day; all that is given must match.' })
export class WindowType {
  @Field(() => [WeekdayEnum], { nullable: true, description: 'Null: every day.' })
  days!: Weekday[] | null;

  @Field(() => String, { nullable: true, description: 'Null: from the beginning of the day.' })
  from!: string | null;

  @Field(() => String, { nullable: true, description: 'Not included; before `from` it is on the next day.' })
  to!: string | null;

  @Field(() => [String], { nullable: true, description: 'Null: every date.' })
  dates!: string[] | null;
}

@ObjectType('WindowGate', {
  description: 'Times at which a promotion may start, on the wall clock of a zone.',
})
export class WindowGateType {
  @Field(() => String, { description: 'IANA name.' })
  timeZone!: string;

  @Field(() => [WindowType], { nullable: true, description: 'Null: always, but for what is excluded.' })
  allow!: WindowType[] | null;

  @Field(() => [WindowType], { description: 'Beats what is allowed.' })
  exclude!: WindowType[];
}

@ObjectType('DependencyGate', { description: "Another application's release must be verified." })
export class DependencyGateType {
  @Field(() => String, { description: 'Name of the other application.' })
  application!: string;

  @Field(() => String, { nullable: true, description: 'Where; null: the environment of this step.' })
  environment!: string | null;

  @Field(() => Int, { nullable: true, description: 'Its release must have at least this number; null: any.' })
  minRelease!: number | null;
}

@ObjectType('WebhookGate', { description: 'An outside system is asked, and answers by a signed call.' })
export class WebhookGateType {
  @Field(() => String, { description: 'What is called.' })
  url!: string;

  @Field(() => String, { description: 'Name of the secret that signs both calls.' })
  secretName!: string;

  @Field(() => DurationScalar, { description: 'How long the answer may take before the promotion expires.' })
  expires!: number;
}

@ObjectType('GateRule', { description: 'One condition of a start: the one that is not null.' })
export class GateRuleType {
  @Field(() => String, { description: 'Unique in the step.' })
  name!: string;

  @Field(() => SoakGateType, { nullable: true, description: 'Verified and healthy for a while.' })
  soak!: SoakGateType | null;

  @Field(() => ApprovalGateType, { nullable: true, description: 'Consent of people.' })
  approval!: ApprovalGateType | null;

  @Field(() => WindowGateType, { nullable: true, description: 'Times of day and dates.' })
  window!: WindowGateType | null;

  @Field(() => DependencyGateType, { nullable: true, description: "Another application's release." })
  dependency!: DependencyGateType | null;

  @Field(() => CheckType, { nullable: true, description: 'A question to the world outside.' })
  check!: CheckType | null;

  @Field(() => WebhookGateType, {
    nullable: true,
    description: 'An outside system that answers by a signed call.',
  })
  webhook!: WebhookGateType | null;

  @Field(() => Boolean, { nullable: true, description: 'No cluster of the environment has drifted.' })
  driftFree!: boolean | null;
}

/** Fields of the other kinds are null. */
export function toGateRuleType(gate: GateRule): GateRuleType {
  const none = { soak: null, approval: null, window: null, dependency: null, check: null, webhook: null };
  return { name: gate.name, driftFree: null, ...none, ...conditionOf(gate) };
}

/** The consent that a gate or a wave asks for. */
export function toApprovalType(rule: ApprovalRule): ApprovalGateType {
  const { count, roles, notRequester, notAuthor, expiresMs } = rule;
  return { count, roles: listOf(roles), notRequester, notAuthor, expires: expiresMs };
}

function conditionOf(gate: GateRule): Partial<GateRuleType> {
  switch (gate.kind) {
    case 'soak':
      return { soak: { environment: gate.environment, duration: gate.durationMs, grace: gate.graceMs } };
    case 'approval':
      return { approval: toApprovalType(gate) };
    case 'window':
      return {
        window: {
          ...gate,
          allow: gate.allow?.map(toWindowType) ?? null,
          exclude: gate.exclude.map(toWindowType),
        },
      };
    case 'dependency':
      return { dependency: gate };
    case 'check':
      return { check: toCheckType(gate.check) };
    case 'webhook':
      return { webhook: { ...gate, expires: gate.expiresMs } };
    case 'driftFree':
      return { driftFree: true };
  }
}

function toWindowType({ days, from, to, dates }: WindowRule): WindowType {
  return { days: listOf(days), from, to, dates: listOf(dates) };
}

function listOf<Item>(items: readonly Item[] | null): Item[] | null {
  return items === null ? null : [...items];
}
