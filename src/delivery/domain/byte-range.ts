// One range of a `Range` header: enough for an agent that goes on with a download that broke.

/** Both ends included, as HTTP counts. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The range of `size` bytes that a header asks for. `undefined`: send everything, which a server may always do (no
 * header, another unit, several ranges). `UNSATISFIABLE`: it begins beyond the end.
 */
export function byteRange(header: string | undefined, size: number): ByteRange | 'UNSATISFIABLE' | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (!first) return last ? satisfiable(Math.max(size - Number(last), 0), size - 1) : undefined;
  if (!last) return satisfiable(Number(first), size - 1);
  if (Number(last) < Number(first)) return undefined;
  return satisfiable(Number(first), Math.min(Number(last), size - 1));
}

function satisfiable(start: number, end: number): ByteRange | 'UNSATISFIABLE' {
  return start > end ? 'UNSATISFIABLE' : { start, end };
}
