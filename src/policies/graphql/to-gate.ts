// A gate from GraphQL's words to the domain's, with every default in its place.
import type { ApprovalRule, GateRule, WindowRule } from '../domain/policy-step.ts';
import { gateDefaults, type ApprovalGateInput, type GateInput, type WindowInput } from './gate.inputs.ts';
import { toCheck, type Complain } from './to-check.ts';

type Condition<Kind extends GateRule['kind']> = Omit<Extract<GateRule, { kind: Kind }>, 'name'>;
type AnyCondition = { [Kind in GateRule['kind']]: Condition<Kind> }[GateRule['kind']];
type Word = Exclude<keyof GateInput, 'name'>;

const words: readonly Word[] = ['soak', 'approval', 'window', 'dependency', 'check', 'webhook', 'driftFree'];

/** `undefined` where not exactly one condition is given: `complain` hears of it. */
export function toGate(input: GateInput, complain: Complain): GateRule | undefined {
  const given = words.filter((word) => isGiven(input[word]));
  const [word] = given;
  if (word === undefined || given.length > 1) {
    const which = input.name ? `gate "${input.name}"` : 'a gate';
    complain(
      `${which} must have exactly one condition besides its name, and has ${given.join(', ') || 'none'}.`,
    );
    return undefined;
  }
  const condition = conditionOf(input, complain);
  return condition && { name: input.name ?? word, ...condition };
}

function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined && value !== false;
}

function conditionOf(input: GateInput, complain: Complain): AnyCondition | undefined {
  const { approval, check } = input;
  if (approval) return { kind: 'approval', ...toApproval(approval) };
  if (check) {
    const rule = toCheck(check, complain);
    return rule && { kind: 'check', check: rule };
  }
  return toSoak(input) ?? toWindow(input) ?? toDependency(input) ?? toWebhook(input) ?? { kind: 'driftFree' };
}

function toSoak({ soak }: GateInput): Condition<'soak'> | undefined {
  return soak
    ? {
        kind: 'soak',
        environment: soak.environment ?? null,
        durationMs: soak.duration,
        graceMs: soak.grace ?? gateDefaults.grace,
      }
    : undefined;
}

/** The consent that a gate or a wave asks for. */
export function toApproval({
  count,
  roles,
  notRequester,
  notAuthor,
  expires,
}: ApprovalGateInput): ApprovalRule {
  return {
    count: count ?? gateDefaults.count,
    roles: roles ?? null,
    notRequester: notRequester ?? gateDefaults.notRequester,
    notAuthor: notAuthor ?? gateDefaults.notAuthor,
    expiresMs: expires ?? gateDefaults.approvalExpires,
  };
}

function toWindow({ window }: GateInput): Condition<'window'> | undefined {
  return window
    ? {
        kind: 'window',
        timeZone: window.timeZone,
        allow: window.allow?.map(toWindowRule) ?? null,
        exclude: window.exclude?.map(toWindowRule) ?? [],
      }
    : undefined;
}

function toWindowRule({ days, from, to, dates }: WindowInput): WindowRule {
  return { days: days ?? null, from: from ?? null, to: to ?? null, dates: dates ?? null };
}

function toDependency({ dependency }: GateInput): Condition<'dependency'> | undefined {
  return dependency
    ? {
        kind: 'dependency',
        application: dependency.application,
        environment: dependency.environment ?? null,
        minRelease: dependency.minRelease ?? null,
      }
    : undefined;
}

function toWebhook({ webhook }: GateInput): Condition<'webhook'> | undefined {
  return webhook
    ? {
        kind: 'webhook',
        url: webhook.url,
        secretName: webhook.secretName,
        expiresMs: webhook.expires ?? gateDefaults.webhookExpires,
      }
    : undefined;
}
