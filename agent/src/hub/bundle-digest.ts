// A bundle is what its name says, or it is refused: its SHA-256 is the name.
import { createHash } from 'node:crypto';

/** Larger bundles are refused before they fill the memory. */
export const LONGEST_BUNDLE_BYTES = 64 * 1024 * 1024;

/** Whether the text is the bundle of this digest. */
export function isBundleOf(digest: string, text: Buffer): boolean {
  return createHash('sha256').update(text).digest('hex') === digest;
}
