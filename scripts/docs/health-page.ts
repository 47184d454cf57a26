// The generated parts of docs/health.md: how we compare with Argo CD and kstatus, and which kinds have a rule.
import {
  type ConformanceCase,
  argoCdCases,
  kstatusCases,
  tellLeftOut,
} from '../../health/conformance/conformance-cases.ts';
import { differencesIn } from '../../health/conformance/judge-cases.ts';
import {
  type KnownDifference,
  argoCdDifferences,
  kstatusDifferences,
} from '../../health/conformance/known-differences.ts';
import { type KnownKind, knownKinds } from '../../health/src/rules-by-kind.ts';

/** The page with its generated parts anew. Without the data of the others the comparison stays as it is committed. */
export function withHealthTables(page: string): string {
  const withKinds = between(page, 'health-kinds', kindsTable(knownKinds()));
  const argoCd = argoCdCases();
  const kstatus = kstatusCases();
  if (!argoCd || !kstatus) {
    tellLeftOut('the comparison in docs/health.md, which stays as it is committed,');
    return withKinds;
  }
  const comparison = [
    ...section("Argo CD's custom kinds", argoCd, argoCdDifferences),
    ...section('kstatus', kstatus, kstatusDifferences),
  ];
  return between(withKinds, 'health-conformance', comparison.join('\n'));
}

function section(
  name: string,
  cases: readonly ConformanceCase[],
  known: readonly KnownDifference[],
): readonly string[] {
  const reasons = new Map(known.map((difference) => [difference.name, difference.reason]));
  const differences = differencesIn(cases);
  const agreed = cases.length - differences.length;
  const share = ((100 * agreed) / cases.length).toFixed(1);
  return [
    `**${name}**: ${agreed} of ${cases.length} cases agree (${share} %).`,
    '',
    '| Case | Theirs | Ours | Why |',
    '|---|---|---|---|',
    ...differences.map(
      ({ name: id, theirs, ours }) =>
        `| \`${id}\` | ${theirs} | ${ours} | ${reasons.get(id) ?? '**not explained**'} |`,
    ),
    '',
  ];
}

function kindsTable(kinds: readonly KnownKind[]): string {
  const byGroup = new Map<string, string[]>();
  for (const { group, kind, writtenAs } of kinds) {
    const named = kind === '*' ? 'every other kind' : `\`${kind}\``;
    byGroup.set(group, [...(byGroup.get(group) ?? []), writtenAs === 'function' ? `${named} ƒ` : named]);
  }
  const rows = [...byGroup].map(
    ([group, names]) => `| \`${group === '' ? 'core' : group}\` | ${names.join(', ')} |`,
  );
  const count = `${kinds.length} rules for ${byGroup.size} groups; ƒ marks kinds that need a function, all others are declared.`;
  return [count, '', '| Group | Kinds |', '|---|---|', ...rows, ''].join('\n');
}

/** Replaces what stands between the two marks; throws where one is missing. */
function between(page: string, mark: string, text: string): string {
  const opening = page.indexOf(`<!-- ${mark}:`);
  const end = page.indexOf(`<!-- /${mark} -->`);
  if (opening < 0 || end < opening) throw new Error(`docs/health.md has lost its ${mark} marks.`);
  const start = page.indexOf('\n', opening) + 1;
  return `${page.slice(0, start)}${text}${page.slice(end)}`;
}
