// Labels of clusters: the same rules as Kubernetes has for its own, so that selectors mean the same everywhere.

/** Key to value; values may be empty. */
export type Labels = Readonly<Record<string, string>>;

const MAX_LABELS = 64;
const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const PREFIX = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Why `key` cannot be a label's key; `undefined` where it can. */
export function labelKeyProblem(key: string): string | undefined {
  const slash = key.indexOf('/');
  const name = key.slice(slash + 1);
  if (slash >= 0 && !PREFIX.test(key.slice(0, slash))) {
    return `label key "${key}": what stands before "/" must be a DNS name in small letters, like "example.com".`;
  }
  if (NAME.test(name)) return undefined;
  return `label key "${key}": letters, digits, "-", "_" and ".", at most 63, with a letter or digit at both ends.`;
}

/** Why `value` cannot be a label's value; `undefined` where it can. */
export function labelValueProblem(key: string, value: string): string | undefined {
  if (value === '' || NAME.test(value)) return undefined;
  return `label "${key}": the value "${value}" must be letters, digits, "-", "_" and ".", at most 63, with a letter or digit at both ends, or empty.`;
}

/** Reads labels from a JSON value; every problem is named at once. */
export function readLabels(
  value: unknown,
): { readonly labels: Labels } | { readonly problems: readonly string[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problems: ['labels must be an object of texts, like {"env": "prod"}.'] };
  }
  const entries = Object.entries(value);
  const problems = entries.flatMap(([key, text]) => entryProblems(key, text));
  if (entries.length > MAX_LABELS) {
    problems.push(`${entries.length} labels are too many; ${MAX_LABELS} is the limit.`);
  }
  return problems.length > 0 ? { problems } : { labels: Object.fromEntries(entries) as Labels };
}

function entryProblems(key: string, value: unknown): string[] {
  if (typeof value !== 'string') return [`label "${key}": the value must be a text.`];
  return [labelKeyProblem(key), labelValueProblem(key, value)].filter((problem) => problem !== undefined);
}

/** `key=value` and `key` of each label, sorted: the form that the database indexes and `selectorSql` asks. */
export function labelKv(labels: Labels): string[] {
  return Object.entries(labels)
    .flatMap(([key, value]) => [key, `${key}=${value}`])
    .sort();
}
