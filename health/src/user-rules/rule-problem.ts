// What is wrong with a user's rules, and where.

/** One mistake. Lines and columns count from 1 and are those of the text, where rules were given as text. */
export interface RuleProblem {
  /** `rules[0].cases[1].when.field`; empty for the whole. */
  readonly path: string;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
  /** For a mistake inside an expression: its character there, from 1. */
  readonly character?: number;
}

/** Names and numbers on the way to a value. */
export type ValuePath = readonly (string | number)[];

/** Takes a mistake at a place. */
export type Report = (at: ValuePath, message: string, character?: number) => void;

/** `rules[0].kinds[1]`. */
export function pathText(at: ValuePath): string {
  return at.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}

/** `rules[0].failed, line 7, column 13: Unknown variable: sel, at character 1, near "sel.status"`. */
export function problemText({ path, line, column, message }: RuleProblem): string {
  const place = line === undefined ? [] : [`line ${line}`, `column ${column ?? 1}`];
  const where = [...(path === '' ? [] : [path]), ...place].join(', ');
  return where === '' ? message : `${where}: ${message}`;
}
