import { expect, it } from 'vitest';
import { jsonLines } from './json-lines.ts';

async function* chunksOf(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

it.each([1, 2, 3, 7, 1000])(
  'finds the same values in chunks of %i bytes, also inside a letter',
  async (size) => {
    const values: unknown[] = [];
    for await (const value of jsonLines(chunksOf('{"a":"Grüße"}\n\n{"b":[1,2]}\n{"cut off"', size)))
      values.push(value);
    expect(values).toEqual([{ a: 'Grüße' }, { b: [1, 2] }]);
  },
);
