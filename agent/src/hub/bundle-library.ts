// Where the engine's bundles come from: the disk, else the hub. Knows the Secrets in them, so that reports hide them.
import { parseBundle } from '@fairlead/protocol/canonical';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { isSecret } from '@fairlead/protocol/masking';
import { InFlightLimit } from '../in-flight-limit.ts';
import type { Log } from '../log.ts';
import type { FetchedBundle } from './bundle-fetch.ts';
import type { BundleFiles } from './bundle-files.ts';
import { messageOf } from './hub-error.ts';

/** A bundle may have 64 MiB, and until it is parsed it is in memory twice. */
const LOADED_AT_ONCE = 16;

/** What the library works with. */
export interface LibraryParts {
  readonly files: BundleFiles;
  /** A bundle from the hub, verified; rejects with the reason in words. */
  readonly fetch: (digest: string) => Promise<FetchedBundle>;
  readonly log: Log;
}

/** Bundles by digest; a bundle that is asked for twice at once is fetched once. */
export class BundleLibrary {
  readonly #parts: LibraryParts;
  readonly #secrets = new Map<string, readonly KubernetesObject[]>();
  readonly #loads = new InFlightLimit(LOADED_AT_ONCE);
  readonly #underWay = new Map<string, Promise<readonly KubernetesObject[]>>();

  constructor(parts: LibraryParts) {
    this.#parts = parts;
  }

  /** The objects of a bundle. Rejects, with a message for a person, while they cannot be had. */
  objects(digest: string): Promise<readonly KubernetesObject[]> {
    const running = this.#underWay.get(digest);
    if (running) return running;
    const load = this.#loads.run(() => this.#load(digest)).finally(() => this.#underWay.delete(digest));
    this.#underWay.set(digest, load);
    return load;
  }

  /** The Secrets of a bundle that was asked for since the start: their values must not leave the cluster. */
  secretsOf(digest: string): readonly KubernetesObject[] {
    return this.#secrets.get(digest) ?? [];
  }

  /** The Secrets of all bundles that are kept. */
  allSecrets(): readonly KubernetesObject[] {
    return [...this.#secrets.values()].flat();
  }

  /** Forgets all other bundles, on disk too. */
  async keepOnly(digests: ReadonlySet<string>): Promise<void> {
    for (const digest of this.#secrets.keys()) if (!digests.has(digest)) this.#secrets.delete(digest);
    try {
      await this.#parts.files.keepOnly(digests);
    } catch (error) {
      this.#parts.log.warn('old bundles could not be removed from disk', { reason: messageOf(error) });
    }
  }

  async #load(digest: string): Promise<readonly KubernetesObject[]> {
    const text = (await this.#fromDisk(digest)) ?? (await this.#fromHub(digest));
    const objects = parseBundle(text.toString('utf8'));
    const secrets = objects.filter(isSecret);
    if (secrets.length > 0) this.#secrets.set(digest, secrets);
    return objects;
  }

  async #fromDisk(digest: string): Promise<Buffer | undefined> {
    try {
      return await this.#parts.files.read(digest);
    } catch (error) {
      this.#parts.log.warn('a bundle could not be read from disk', {
        bundle: digest,
        reason: messageOf(error),
      });
      return undefined;
    }
  }

  async #fromHub(digest: string): Promise<Buffer> {
    const { text, packed } = await this.#parts.fetch(digest);
    try {
      await this.#parts.files.write(digest, packed);
    } catch (error) {
      // A full disk must not stop a release; only a restart while the hub is away would miss this bundle.
      const reason = messageOf(error);
      this.#parts.log.warn('a bundle could not be kept on disk', { bundle: digest, reason });
    }
    return text;
  }
}
