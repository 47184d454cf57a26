// Where tests find kustomize and helm: as the hub does, and loudly where they are absent.
import path from 'node:path';
import { locateTools } from '../../scripts/go-tools/locate-tools.mjs';

/** Settings for the render adapter. Throws where a program is missing: `npm run build-tools` makes it. */
export function rendererSettings(): {
  kustomize: string | undefined;
  helm: string | undefined;
  searchPath: readonly string[];
  toolCache: string;
} {
  const { paths, missing } = locateTools(['kustomize', 'helm']);
  if (missing.length > 0) {
    throw new Error(
      `${missing.map(({ reason }) => reason).join('; ')}: run "node scripts/build-tools.mjs kustomize helm"`,
    );
  }
  return {
    kustomize: paths['kustomize'],
    helm: paths['helm'],
    searchPath: (process.env['PATH'] ?? '').split(path.delimiter),
    toolCache: path.dirname(path.dirname(paths['kustomize'] ?? '')),
  };
}
