// Bundles on disk, compressed, each under its digest: from them the agent goes on healing while the hub is away.
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { isBundleOf, LONGEST_BUNDLE_BYTES } from './bundle-digest.ts';
import type { PrivateFolder } from './private-folder.ts';

const expand = promisify(gunzip);

const SUFFIX = '.gz';

/** What is read is checked like what the hub sends: a file may be cut off or changed. */
export class BundleFiles {
  readonly #folder: PrivateFolder;

  constructor(folder: PrivateFolder) {
    this.#folder = folder;
  }

  /** The canonical text, or `undefined` where it is not there or is damaged. */
  async read(digest: string): Promise<Buffer | undefined> {
    const compressed = await this.#folder.read(digest + SUFFIX);
    if (!compressed) return undefined;
    try {
      const text = await expand(compressed, { maxOutputLength: LONGEST_BUNDLE_BYTES });
      return isBundleOf(digest, text) ? text : undefined;
    } catch {
      // Cut off or overwritten: it is fetched again.
      return undefined;
    }
  }

  /** `packed`: the canonical text, gzip. */
  async write(digest: string, packed: Buffer): Promise<void> {
    await this.#folder.write(digest + SUFFIX, packed, { isChecked: true });
  }

  /** Removes all others, and drafts that a crash left behind. */
  async keepOnly(digests: ReadonlySet<string>): Promise<void> {
    for (const name of await this.#folder.names()) {
      const isKept = name.endsWith(SUFFIX) && digests.has(name.slice(0, -SUFFIX.length));
      if (!isKept) await this.#folder.remove(name);
    }
  }
}
