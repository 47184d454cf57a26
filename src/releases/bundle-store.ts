// Where bundles are kept: each once, under its digest.
import type { StoredBundle } from './bundle-content.ts';

export abstract class BundleStore {
  /** Does nothing where the bundle is there already. */
  abstract save(bundle: StoredBundle): Promise<void>;
  abstract find(digest: string): Promise<Pick<StoredBundle, 'digest' | 'content' | 'encrypted'> | undefined>;
  /** The bundles that these closures rendered to before, by closure digest. */
  abstract ofClosures(closureDigests: readonly string[]): Promise<Map<string, string>>;
}
