// Which gates of a promotion a person may pass over, and who may.
import { roleAllows, type Role } from '../../access/domain/caller.ts';
import { builtInGates } from '../../policies/domain/step-names.ts';
import { refuse, type Refusal } from '../../platform/refusal.ts';
import { approvalsOf } from './choose-approval.ts';
import { isTerminal, type Promotion, type PromotionStep } from './promotion.ts';

/** Gates of the start and of waves, and verifications, by the names that they are known by. */
export function overridableGates(step: PromotionStep): string[] {
  const waves = step.waves.flatMap(({ name, verification }) =>
    verification.map((check) => `wave:${name}:${check.name}`),
  );
  return [
    ...(step.upstream.length > 0 ? ['upstream'] : []),
    'freeze',
    ...step.gates.map(({ name }) => name),
    ...approvalsOf(step).flatMap(({ name }) => (name.startsWith('wave:') ? [name] : [])),
    ...waves,
    ...step.verification.map(({ name }) => `verification:${name}`),
  ];
}

/** Why this gate may not be passed over by a person of this role; `undefined`: it may. */
export function refuseOverride(
  { state, step }: Pick<Promotion, 'state' | 'step'>,
  gate: string,
  role: Role,
): Refusal | undefined {
  if (isTerminal(state)) {
    return refuse('ALREADY_ENDED', `The promotion is ${state}: no gate of it can be overridden any more.`);
  }
  if (gate === 'hold') return refuse('NOT_OVERRIDABLE', 'A hold is not overridden: end it with endHold.');
  const names = overridableGates(step);
  if (!names.includes(gate)) return refuse('NOT_OVERRIDABLE', notOverridable(gate, names));
  // Whoever may promote would otherwise approve their own promotion.
  const consent = approvalsOf(step).some(({ name }) => name === gate);
  if (consent && !roleAllows(role, 'ADMIN')) {
    return refuse('NEEDS_ADMIN', `"${gate}" asks for other people's consent: only an ADMIN may override it.`);
  }
  return undefined;
}

function notOverridable(gate: string, names: readonly string[]): string {
  const fact = builtInGates.some((each) => each === gate)
    ? `"${gate}" is a fact that no override changes`
    : `The promotion has no gate "${gate}"`;
  return `${fact}; its gates are: ${names.join(', ')}.`;
}
