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
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return undefined;
  const range =
    first === ''
      ? { start: Math.max(size - Number(last), 0), end: size - 1 }
      : { start: Number(first), end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  return range.start > range.end ? 'UNSATISFIABLE' : range;
}
