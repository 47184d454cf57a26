// What differs between two texts, line by line, with a little of what surrounds it.

/** A line that both have, or that is only in the first (-) or the second (+). */
interface MarkedLine {
  readonly mark: ' ' | '-' | '+';
  readonly line: string;
}

const CONTEXT_LINES = 3;
/** Beyond this a comparison of every line with every other would cost more than it tells. */
const MAX_COMPARED = 4_000_000;

/** Lines with their marks, and `@@` between parts that lie apart; empty where nothing differs. */
export function lineDiff(before: readonly string[], after: readonly string[]): string[] {
  const marked = markedLines(before, after);
  const shown = new Set<number>();
  for (const [index, { mark }] of marked.entries()) {
    if (mark === ' ') continue;
    for (let near = index - CONTEXT_LINES; near <= index + CONTEXT_LINES; near++) shown.add(near);
  }
  return marked.flatMap(({ mark, line }, index) => {
    if (!shown.has(index)) return [];
    const gap = index > 0 && !shown.has(index - 1) ? ['@@'] : [];
    return [...gap, `${mark}${line}`];
  });
}

function markedLines(before: readonly string[], after: readonly string[]): MarkedLine[] {
  const head = commonPrefix(before, after);
  const tail = Math.min(
    commonPrefix(before.toReversed(), after.toReversed()),
    before.length - head,
    after.length - head,
  );
  const middle = compared(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  const same = (line: string): MarkedLine => ({ mark: ' ', line });
  return [...before.slice(0, head).map(same), ...middle, ...before.slice(before.length - tail).map(same)];
}

function commonPrefix(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

function compared(before: readonly string[], after: readonly string[]): MarkedLine[] {
  if (before.length * after.length > MAX_COMPARED) {
    return [...before.map(removed), ...after.map(added)];
  }
  const longest = commonLengths(before, after);
  const lines: MarkedLine[] = [];
  let [a, b] = [0, 0];
  while (a < before.length || b < after.length) {
    const mark = markAt({ before, after, longest }, a, b);
    lines.push({ mark, line: (mark === '+' ? after[b] : before[a]) ?? '' });
    if (mark !== '+') a += 1;
    if (mark !== '-') b += 1;
  }
  return lines;
}

interface Comparison {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly longest: readonly Uint32Array[];
}

/** What comes next: of two ways the one after which more lines are in common. */
function markAt({ before, after, longest }: Comparison, a: number, b: number): MarkedLine['mark'] {
  if (a >= before.length) return '+';
  if (b >= after.length) return '-';
  if (before[a] === after[b]) return ' ';
  return at(longest, a + 1, b) >= at(longest, a, b + 1) ? '-' : '+';
}

/** How many lines the rests have in common, in order, from each pair of places on. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array[] {
  const rows = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let a = before.length - 1; a >= 0; a--) {
    for (let b = after.length - 1; b >= 0; b--) {
      const row = rows[a];
      if (!row) continue;
      row[b] =
        before[a] === after[b]
          ? at(rows, a + 1, b + 1) + 1
          : Math.max(at(rows, a + 1, b), at(rows, a, b + 1));
    }
  }
  return rows;
}

function at(rows: readonly Uint32Array[], a: number, b: number): number {
  return rows[a]?.[b] ?? 0;
}

function removed(line: string): MarkedLine {
  return { mark: '-', line };
}

function added(line: string): MarkedLine {
  return { mark: '+', line };
}
