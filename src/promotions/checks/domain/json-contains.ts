// Whether an answer's JSON has everything that a check expects of it.

/**
 * The path of the first thing that is missing or different, such as `$.checks[0].status`; `undefined` where all of
 * `expected` is in `actual`. Objects may have more members; lists must be as long.
 */
export function firstMismatch(expected: unknown, actual: unknown, path = '$'): string | undefined {
  if (Array.isArray(expected)) return listMismatch(expected, actual, path);
  if (!isRecord(expected)) return Object.is(expected, actual) ? undefined : path;
  if (!isRecord(actual)) return path;
  for (const [key, value] of Object.entries(expected)) {
    const mismatch = Object.hasOwn(actual, key)
      ? firstMismatch(value, actual[key], `${path}.${key}`)
      : `${path}.${key}`;
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}

function listMismatch(expected: readonly unknown[], actual: unknown, path: string): string | undefined {
  if (!Array.isArray(actual) || actual.length !== expected.length) return path;
  for (const [index, value] of expected.entries()) {
    const mismatch = firstMismatch(value, actual[index], `${path}[${index}]`);
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
