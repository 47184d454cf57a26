// What a person is told of instances that an agent keeps and this hub does not know.

const EXAMPLES = 5;

interface NamedOrphan {
  readonly application: string;
  readonly environment: string;
}

/** One sentence for all of them, with a few by name, and one on what to do. */
export function orphansMessage(cluster: string, orphans: readonly NamedOrphan[]): string {
  const named = orphans
    .slice(0, EXAMPLES)
    .map(({ application, environment }) => `${application}/${environment}`);
  const rest = orphans.length > named.length ? ` and ${orphans.length - named.length} more` : '';
  const [count, them] =
    orphans.length === 1 ? ['1 instance', 'It is'] : [`${orphans.length} instances`, 'They are'];
  return `Cluster "${cluster}" keeps ${count} that this hub does not know, as after a restored backup: ${named.join(', ')}${rest}. ${them} left alone, neither healed nor removed; what is still wanted is released anew, and what is not is deleted in the cluster.`;
}
