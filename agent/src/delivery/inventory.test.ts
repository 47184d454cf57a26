import { expect, it } from 'vitest';
import { resourceId } from '@fairlead/protocol/resource-id';
import { ENTRIES_PER_CHUNK, InventoryChunks } from './inventory-chunks.ts';
import { decodeEntries, encodeEntries, inventoryOf, type InventoryEntry } from './inventory.ts';

const entry = (name: string): InventoryEntry => ({
  ref: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'n', name },
  place: [0, 0, 3],
});
const many = (count: number) => Array.from({ length: count }, (_, index) => entry(`a${index}`));
const write = (chunks: InventoryChunks, entries: InventoryEntry[]) => {
  const changes = [...chunks.changes(inventoryOf(entries))];
  for (const [chunk, text] of changes) chunks.wrote(chunk, text);
  return changes;
};

it('reads back what it wrote', () => {
  const entries = [
    { ...entry('a'), uid: 'u', digest: 'd', owned: 'o' },
    { ref: { apiVersion: 'v1', kind: 'Namespace', name: 'n' }, place: [-1, 2, 0] as const },
  ];
  expect(decodeEntries(encodeEntries(entries))).toEqual(entries);
});

it('writes only chunks that changed, and none when nothing did', () => {
  const chunks = new InventoryChunks();
  const entries = many(ENTRIES_PER_CHUNK + 1);
  expect(write(chunks, entries).map(([chunk]) => chunk)).toEqual([0, 1]);
  expect(write(chunks, entries)).toEqual([]);
  expect(write(chunks, [...entries, entry('z')]).map(([chunk]) => chunk)).toEqual([1]);
});

it('never moves an entry to another chunk, so that no write between two can lose one', () => {
  const chunks = new InventoryChunks();
  const entries = many(ENTRIES_PER_CHUNK * 2);
  write(chunks, entries);
  const changes = write(chunks, entries.slice(1));
  expect(changes.map(([chunk]) => chunk)).toEqual([0]);
});

it('empties chunks that hold nothing any more', () => {
  const chunks = new InventoryChunks();
  write(chunks, many(2));
  expect(write(chunks, [])).toEqual([[0, '']]);
  expect(chunks.isStored(0)).toBe(false);
});

it('goes on from stored chunks after a restart', () => {
  const chunks = new InventoryChunks();
  const entries = many(2);
  chunks.load(
    3,
    encodeEntries(entries),
    entries.map(({ ref }) => resourceId(ref)),
  );
  expect(write(chunks, entries)).toEqual([]);
});
