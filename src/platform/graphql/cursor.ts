// Cursors: the sort key of a row, packed. They hold values, never positions, so rows may come and go between pages.
import { AppError } from '../errors.ts';

/** What a sort key is made of. */
export type CursorPart = string | bigint | number | Date | null;

/** How a part is written, and how it comes back. */
interface PartTypes {
  string: string;
  bigint: bigint;
  number: number;
  date: Date;
}

type Kind = keyof PartTypes | `${keyof PartTypes}?`;
type PartOf<K extends Kind> = K extends `${infer Plain extends keyof PartTypes}?`
  ? PartTypes[Plain] | null
  : K extends keyof PartTypes
    ? PartTypes[K]
    : never;
type PartsOf<Kinds extends readonly Kind[]> = { readonly [Index in keyof Kinds]: PartOf<Kinds[Index]> };

/** The cursor of a row whose sort key is `parts`, in the order of the list. */
export function encodeCursor(parts: readonly CursorPart[]): string {
  const written = parts.map((part) =>
    part === null ? null : part instanceof Date ? part.toISOString() : `${part}`,
  );
  return Buffer.from(JSON.stringify(written)).toString('base64url');
}

/**
 * The sort key again: `decodeCursor(after, ['date', 'bigint'])`; a kind with `?` may be null.
 * `undefined` stays `undefined` (the first page); INVALID for anything that `encodeCursor` did not make.
 */
export function decodeCursor<const Kinds extends readonly Kind[]>(
  after: string | null | undefined,
  kinds: Kinds,
): PartsOf<Kinds> | undefined {
  if (after === null || after === undefined) return undefined;
  const written = parseCursor(after);
  const parts = kinds.map((kind, index) => readPart(kind, written?.[index]));
  if (written?.length !== kinds.length || parts.includes(undefined)) {
    throw new AppError(
      'INVALID',
      `after: "${after.slice(0, 40)}" is not a cursor of this list; take one from an edge.`,
    );
  }
  return parts as unknown[] as [...PartsOf<Kinds>];
}

function parseCursor(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const readers: Readonly<Record<keyof PartTypes, (written: string) => CursorPart | undefined>> = {
  string: (written) => written,
  bigint: (written) => (/^-?\d{1,19}$/.test(written) ? BigInt(written) : undefined),
  number: (written) => (written !== '' && Number.isFinite(Number(written)) ? Number(written) : undefined),
  date: (written) => (Number.isNaN(Date.parse(written)) ? undefined : new Date(written)),
};

function readPart(kind: Kind, written: unknown): CursorPart | undefined {
  if (written === null && kind.endsWith('?')) return null;
  return typeof written === 'string' ? readers[kind.replace('?', '') as keyof PartTypes](written) : undefined;
}
