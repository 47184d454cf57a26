// Whether what was rendered now differs from the latest release. Nothing different, no release.
import type { RenderedInput } from './release.ts';

/** What is compared. */
export interface ReleaseComparison {
  /** Of the latest release; undefined: there is none. */
  readonly latest: readonly RenderedInput[] | undefined;
  readonly current: readonly RenderedInput[];
  /** Whether path and value files are written as they were in the latest release. */
  readonly sameTemplates: boolean;
  /** Inputs that the latest release has not rendered, and that render the same from its commit as from this one. */
  readonly late: ReadonlySet<string>;
}

/**
 * A cluster that joined brings inputs of its own and makes no release: they are rendered from the pinned commit.
 * Where path or value files were rewritten, inputs cannot be matched, so the bundles of each environment are.
 */
export function isNewRelease({ latest, current, sameTemplates, late }: ReleaseComparison): boolean {
  if (current.length === 0) return false;
  if (!latest) return true;
  if (!sameTemplates) return differs(bundlesByEnvironment(latest), bundlesByEnvironment(current));
  const known = new Map(latest.map((row) => [row.inputsDigest, row.bundleDigest]));
  return current.some(({ inputsDigest, bundleDigest }) => {
    const before = known.get(inputsDigest);
    return before === undefined ? !late.has(inputsDigest) : before !== bundleDigest;
  });
}

function bundlesByEnvironment(rows: readonly RenderedInput[]): Map<bigint, string> {
  const bundles = new Map<bigint, Set<string>>();
  for (const { environmentId, bundleDigest } of rows) {
    bundles.set(environmentId, (bundles.get(environmentId) ?? new Set()).add(bundleDigest));
  }
  return new Map([...bundles].map(([id, digests]) => [id, [...digests].sort().join()]));
}

// An environment that only one side has is not a difference: it came or went with the policy.
function differs(before: ReadonlyMap<bigint, string>, now: ReadonlyMap<bigint, string>): boolean {
  return [...now].some(([id, digests]) => before.has(id) && before.get(id) !== digests);
}
