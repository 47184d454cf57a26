// Long lists in parts, so that one notice or message stays of a bounded size.

const CHUNK = 1_000;

/** In the same order; an empty list has no parts. */
export function inChunks<Item>(items: readonly Item[], size = CHUNK): (readonly Item[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
