// A bundle's bytes: the canonical text, its digest, and how it is stored.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { canonicalBundle } from '@fairlead/protocol/canonical';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { isSecret } from '@fairlead/protocol/masking';
import type { SecretBox } from '../platform/secret-box.ts';

/** As stored: gzip of the canonical text, sealed over that where it holds Secrets. */
export interface StoredBundle {
  readonly digest: string;
  readonly content: Uint8Array<ArrayBuffer>;
  readonly encrypted: boolean;
  readonly objects: number;
  readonly bytes: number;
}

const compress = promisify(gzip);

/** The same objects make the same digest, in whatever order they came. */
export async function packBundle(
  objects: readonly KubernetesObject[],
  secrets: SecretBox,
): Promise<StoredBundle> {
  const text = Buffer.from(canonicalBundle(objects));
  const digest = createHash('sha256').update(text).digest('hex');
  const packed = await compress(text, { level: constants.Z_BEST_SPEED });
  const encrypted = objects.some(isSecret);
  const content = encrypted ? secrets.seal(packed, purpose(digest)) : Uint8Array.from(packed);
  return { digest, content, encrypted, objects: objects.length, bytes: text.length };
}

/** The gzip again. */
export function unpackBundle(
  { digest, content, encrypted }: Pick<StoredBundle, 'digest' | 'content' | 'encrypted'>,
  secrets: SecretBox,
): Buffer {
  return encrypted ? secrets.open(content, purpose(digest)) : Buffer.from(content);
}

const purpose = (digest: string) => `bundle:${digest}`;
