// Ids in the API: opaque strings that tell neither table nor count. One AES block under a fixed key: not a secret,
// only a shape that nobody is tempted to build or to count on.
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { AppError } from '../errors.ts';

const key = createHash('sha256').update('fairlead opaque ids, version 1').digest().subarray(0, 16);
// ECB works block by block and an id is exactly one block, so one cipher object serves for ever.
const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
const decipher = createDecipheriv('aes-128-ecb', key, null).setAutoPadding(false);

const tags = new Map<string, Buffer>();

function tagOf(kind: string): Buffer {
  const known = tags.get(kind);
  if (known) return known;
  const tag = createHash('sha256').update(kind).digest().subarray(0, 8);
  tags.set(kind, tag);
  return tag;
}

/** The API's id of a row; `kind` is the thing's name (`cluster`), so that an id of another thing is not accepted. */
export function encodeId(kind: string, id: bigint): string {
  const block = Buffer.alloc(16);
  tagOf(kind).copy(block);
  block.writeBigInt64BE(id, 8);
  return cipher.update(block).toString('base64url');
}

/** The row's id again; INVALID where the text is not the id of such a thing. */
export function decodeId(kind: string, text: string): bigint {
  const bytes = /^[\w-]{22}$/.test(text) ? Buffer.from(text, 'base64url') : Buffer.alloc(0);
  const block = bytes.length === 16 ? decipher.update(bytes) : Buffer.alloc(0);
  if (!block.subarray(0, 8).equals(tagOf(kind))) {
    throw new AppError(
      'INVALID',
      `"${text.slice(0, 40)}" is not the id of a ${kind}: use an id that a query answered.`,
    );
  }
  return block.readBigInt64BE(8);
}
