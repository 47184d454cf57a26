// Spreads an inventory over Secrets of bounded size. An entry never moves from one to another, so that a crash between
// two writes loses none. Pure.
import { encodeEntries, type Inventory, type InventoryEntry } from './inventory.ts';

/** Entries of one Secret. At the longest names Kubernetes allows this stays below 800 KB. */
export const ENTRIES_PER_CHUNK = 1_000;

/** Remembers where each entry is kept and what each chunk last held. */
export class InventoryChunks {
  readonly #chunkOf = new Map<string, number>();
  readonly #written = new Map<number, string>();

  /** Notes what a stored chunk holds. */
  load(chunk: number, text: string, ids: readonly string[]): void {
    this.#written.set(chunk, text);
    for (const id of ids) this.#chunkOf.set(id, chunk);
  }

  /** Chunks whose text differs from what is stored; the empty text means that a chunk is to be deleted. */
  changes(inventory: Inventory): ReadonlyMap<number, string> {
    for (const id of this.#chunkOf.keys()) if (!inventory.has(id)) this.#chunkOf.delete(id);
    const contents = this.#contents(inventory);
    const chunks = new Set([...contents.keys(), ...this.#written.keys()]);
    const texts = [...chunks].map((chunk) => [chunk, encodeEntries(contents.get(chunk) ?? [])] as const);
    return new Map(texts.filter(([chunk, text]) => (this.#written.get(chunk) ?? '') !== text));
  }

  /** Whether this chunk is stored. */
  isStored(chunk: number): boolean {
    return this.#written.has(chunk);
  }

  /** Notes that a chunk was written, or deleted when the text is empty. */
  wrote(chunk: number, text: string): void {
    if (text === '') this.#written.delete(chunk);
    else this.#written.set(chunk, text);
  }

  /** The chunks that are stored. */
  get stored(): readonly number[] {
    return [...this.#written.keys()];
  }

  #contents(inventory: Inventory): Map<number, InventoryEntry[]> {
    const sizes = new Map<number, number>();
    for (const chunk of this.#chunkOf.values()) sizes.set(chunk, (sizes.get(chunk) ?? 0) + 1);
    const contents = new Map<number, InventoryEntry[]>();
    for (const [id, entry] of inventory) {
      const chunk = this.#chunkOf.get(id) ?? this.#place(id, sizes);
      const entries = contents.get(chunk);
      if (entries) entries.push(entry);
      else contents.set(chunk, [entry]);
    }
    return contents;
  }

  #place(id: string, sizes: Map<number, number>): number {
    let chunk = 0;
    while ((sizes.get(chunk) ?? 0) >= ENTRIES_PER_CHUNK) chunk += 1;
    sizes.set(chunk, (sizes.get(chunk) ?? 0) + 1);
    this.#chunkOf.set(id, chunk);
    return chunk;
  }
}
