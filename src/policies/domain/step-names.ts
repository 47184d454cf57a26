// Names inside a step: of gates, waves and checks. They stand in overrides, approvals and messages.

/** Gates that every step has; a gate of a policy must not take their names. */
export const builtInGates = ['upstream', 'freeze', 'hold', 'slot', 'clusters', 'source'] as const;

/** Built-in gates that a hotfix may pass over and a person may override. */
export const passableBuiltInGates: readonly string[] = ['upstream', 'freeze'];

/** The approval that a wave waits for. */
export function waveGate(wave: string): string {
  return `wave:${wave}`;
}

/** The wave whose approval a gate's name means; `undefined` for every other gate. */
export function waveOfGate(gate: string): string | undefined {
  return gate.startsWith('wave:') ? gate.slice('wave:'.length) : undefined;
}

/** Why a text is no name; `:` joins names, so none may have it. */
export function stepNameProblem(name: string): string | undefined {
  if (/^[\p{L}\p{N}][\p{L}\p{N} ._/-]{0,62}$/u.test(name)) return undefined;
  return `"${name.slice(0, 80)}" is no name: 1 to 63 letters, digits, spaces and "._/-", with a letter or digit first.`;
}

/** Those that stand in the list more than once. */
export function doubled(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
