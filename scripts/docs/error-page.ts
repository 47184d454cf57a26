// docs/errors.md, from the catalogue of errors.
import { errorCatalogue } from '../../src/platform/errors.ts';

/** The whole page. */
export function errorPage(): string {
  const rows = Object.entries(errorCatalogue).map(
    ([code, { status, meaning, remedy }]) => `| \`${code}\` | ${status} | ${meaning} | ${remedy} |`,
  );
  return [
    '# Errors',
    '',
    'Printed from `src/platform/errors.ts`. An error is a mistake of the caller, or a fault; it stands in `errors[].extensions.code`.',
    'An expected no is no error: mutations answer it as `refusal { code message reasons }` (docs/adr/0003).',
    '',
    '| Code | HTTP | What it means | What to do |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
