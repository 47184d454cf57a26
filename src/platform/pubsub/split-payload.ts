// Cuts a message that is too large for the broker into several: every topic's payload has one list, and each part a piece of it.

/** Postgres takes 8,000 bytes in one NOTIFY; the envelope needs a few. */
export const MAX_MESSAGE_BYTES = 7_500;

/** The payload itself, or as many as are needed; a payload without a list, or with one huge item, stays whole. */
export function splitPayload<P extends object>(
  payload: P,
  maxBytes: number = MAX_MESSAGE_BYTES,
): readonly P[] {
  if (Buffer.byteLength(JSON.stringify(payload)) <= maxBytes) return [payload];
  const list = Object.entries(payload).find((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  if (!list || list[1].length < 2) return [payload];
  const [field, items] = list;
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)].flatMap((half) =>
    splitPayload({ ...payload, [field]: half }, maxBytes),
  );
}
