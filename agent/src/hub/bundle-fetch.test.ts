import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fetchBundle } from './bundle-fetch.ts';

const text = Buffer.from('{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}\n');
const digest = createHash('sha256').update(text).digest('hex');

/** A hub, or what stands before it, that answers this. */
const hubThatSends = (body: Buffer, contentEncoding?: string) => ({
  send: () => Promise.resolve({ status: 200, body, contentEncoding }),
});

describe('a bundle that was fetched', () => {
  it('is kept packed as it came', async () => {
    const packed = gzipSync(text);
    const bundle = await fetchBundle(hubThatSends(packed, 'gzip'), digest, 'credential');
    expect(bundle.text).toEqual(text);
    expect(bundle.packed).toBe(packed);
  });

  it('is packed where something on its way unpacked it', async () => {
    const bundle = await fetchBundle(hubThatSends(text), digest, 'credential');
    expect(bundle.text).toBe(text);
    expect(gunzipSync(bundle.packed)).toEqual(text);
  });

  it.each([
    ['another content', Buffer.from('something else'), undefined],
    ['a cut-off file', gzipSync(text).subarray(0, 20), 'gzip'],
  ])('is refused where it is %s', async (_, body, encoding) => {
    await expect(fetchBundle(hubThatSends(body, encoding), digest, 'credential')).rejects.toMatchObject({
      code: 'BUNDLE_REFUSED',
    });
  });
});
