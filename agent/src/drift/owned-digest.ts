// Short digests of what is applied and of what is owned, so that one comparison of strings tells a change.
import { createHash } from 'node:crypto';
import { canonicalJson } from '@fairlead/protocol/canonical';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { ownEntry } from './managed-fields.ts';

// 80 bits: a collision would hide one change of one object from the fast path until the next apply.
const DIGEST_LENGTH = 20;

/** Digest of any JSON value; the order of members does not matter. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, DIGEST_LENGTH);
}

/** Digest of the fields that we own in this object, or the empty string when we own none. */
export function ownedDigest(object: KubernetesObject): string {
  const entry = ownEntry(object);
  return entry?.fieldsV1 ? digestOf(entry.fieldsV1) : '';
}
