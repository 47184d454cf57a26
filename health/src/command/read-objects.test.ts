import { describe, expect, it } from 'vitest';
import { type Batch, readBatches } from './read-objects.ts';

async function read(text: string, chunkBytes = 7): Promise<Batch[]> {
  async function* chunks(): AsyncGenerator<Buffer> {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      yield bytes.subarray(at, at + chunkBytes);
      await Promise.resolve();
    }
  }
  const batches: Batch[] = [];
  for await (const batch of readBatches(chunks())) batches.push(batch);
  return batches;
}

const a = { kind: 'A', name: 'ä' };
const b = { kind: 'B' };

describe('what is read', () => {
  it('is one batch for each line of JSON', async () => {
    const text = `${JSON.stringify(a)}\n\n${JSON.stringify(b)}\n${JSON.stringify(a)}`;
    expect(await read(text)).toEqual([[{ object: a }], [{ object: b }], [{ object: a }]]);
  });

  it('is answered line by line, before the stream has ended', async () => {
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) yield await Promise.resolve(Buffer.from(`${JSON.stringify(a)}\n`));
    }
    const first = await readBatches(endless()).next();
    expect(first.value).toEqual([{ object: a }]);
  });

  it('keeps the place of a broken line', async () => {
    const [, broken] = await read(`${JSON.stringify(a)}\n{"x":\n${JSON.stringify(b)}\n`);
    expect(broken).toEqual([{ problem: 'the line is no JSON object' }]);
  });

  it.each([
    ['documents of YAML', 'kind: A\nname: ä\n---\n# nothing\n---\nkind: B\n'],
    ['a list of kubectl in YAML', 'kind: List\nitems:\n  - { kind: A, name: ä }\n  - { kind: B }\n'],
    ['a list of kubectl in JSON', JSON.stringify({ kind: 'PodList', items: [a, b] }, null, 2)],
    ['a plain list', JSON.stringify([a, b])],
  ])('is one batch for %s', async (_, text) => {
    expect(await read(text)).toEqual([[{ object: a }, { object: b }]]);
  });

  it('is nothing for nothing', async () => {
    expect((await read(' \n')).flat()).toEqual([]);
  });

  it('says what is wrong with a document and goes on with the next', async () => {
    const [batch = []] = await read('kind: [A\n---\nkind: B\n');
    expect(batch).toHaveLength(2);
    expect(batch[0]).toHaveProperty('problem');
    expect(batch[1]).toEqual({ object: b });
  });
});
