import { describe, expect, it } from 'vitest';
import { assert, integer, property } from 'fast-check';
import { CatFileParser, type CatFileAnswer } from './cat-file-parser.ts';

const id = 'a'.repeat(40);

function answers(output: Buffer, chunkBytes: number, maxBytes = 100): CatFileAnswer[] {
  const found: CatFileAnswer[] = [];
  const parser = new CatFileParser(maxBytes, (answer) => found.push(answer));
  for (let at = 0; at < output.length; at += chunkBytes) parser.push(output.subarray(at, at + chunkBytes));
  return found;
}

describe('the output of cat-file', () => {
  it('gives the same answers however it is cut into chunks', () => {
    const output = Buffer.from(
      `${id} blob 5\nab\ncd\nx y missing\n${id} blob 0\n\n${id} blob 101\n${'z'.repeat(101)}\n`,
    );
    assert(
      property(integer({ min: 1, max: output.length }), (chunkBytes) => {
        const found = answers(output, chunkBytes);
        expect(found.map(({ kind }) => kind)).toEqual(['FOUND', 'MISSING', 'FOUND', 'TOO_LARGE']);
        expect(found[0]).toMatchObject({ object: { content: Buffer.from('ab\ncd') } });
        expect(found[3]).toEqual({ kind: 'TOO_LARGE', bytes: 101 });
      }),
    );
  });
});
