// Status comes from controllers of every age and quality: these read it without trust, so that no rule can throw.

/** A JSON object whose fields are not known. */
export type Fields = { readonly [key: string]: unknown };

const NO_FIELDS: Fields = {};
const LONGEST_QUOTE = 400;

/** The value when it is a JSON object, else one without fields. */
export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : NO_FIELDS;
}

/** The value when it is a whole number; a number in quotes is none, since controllers compare numbers. */
export function wholeNumber(value: unknown): number | undefined {
  return Number.isInteger(value) ? (value as number) : undefined;
}

/** The value when it is text that is not empty. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The JSON objects of a list, without whatever else is in it; empty when the value is no list. */
export function fieldsList(value: unknown): Fields[] {
  return Array.isArray(value)
    ? value.filter((item) => item !== null && typeof item === 'object').map(fields)
    : [];
}

/** The texts of a list. */
export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A foreign text as it may stand inside a message: one line, cut where a log was poured into a status. */
export function quoted(value: string): string {
  const line = value
    .slice(0, 2 * LONGEST_QUOTE)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line;
}

/** `: detail` when there is a detail, else nothing. */
export function because(detail: unknown): string {
  const value = text(detail);
  return value ? `: ${quoted(value)}` : '';
}

/** The smallest of several counts of one status. The first counts as 0 when absent; the others only where present. */
export function fewest(status: Fields, first: string, ...others: string[]): number {
  const counts = others.map((name) => wholeNumber(status[name])).filter((count) => count !== undefined);
  return Math.min(wholeNumber(status[first]) ?? 0, ...counts);
}
