// Results as text for a terminal. Pure.
import type { Summary, Verdict } from './statistics.ts';

/** A line for each figure, and under them the targets. */
export function resultTable(
  load: string,
  summaries: readonly Summary[],
  verdicts: readonly Verdict[],
): string {
  const rows = summaries.map(({ figure, median, worst }) => [figure, shown(median), shown(worst)]);
  return [load, ...aligned([['', 'median', 'worst'], ...rows]), ...verdicts.map(verdictLine)].join('\n');
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map(([name = '', ...values]) => {
    const numbers = values.map((value, index) => value.padStart(widths[index + 1] ?? 0));
    return `  ${[name.padEnd(widths[0] ?? 0), ...numbers].join('  ')}`;
  });
}

function verdictLine({ figure, bound, value, worst, isMet }: Verdict): string {
  const words = bound === 'AT_MOST' ? 'at most' : 'at least';
  return `  ${isMet ? 'met   ' : 'MISSED'} ${figure} ${words} ${shown(value)}; worst ${shown(worst)}`;
}

/** Three digits that mean something; whole numbers with thousands marked. */
function shown(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}
