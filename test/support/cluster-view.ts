// What tests look at of a cluster through the people's API.
import type { TestHub } from './hub.ts';

/** A cluster as `cluster` answers it. */
export interface ClusterView {
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly connectionState: string;
  readonly acceptedAt: string | null;
  readonly agentVersion: string | null;
}

/** The questions, bound to one hub. */
export function clusterViews(hub: () => TestHub) {
  async function eventsOf(name: string): Promise<{ kind: string; actor: string; message: string }[]> {
    const { activity } = await hub().graphql<{
      activity: { nodes: { kind: string; actor: string; message: string }[] };
    }>(
      'query ($cluster: String) { activity(filter: { cluster: $cluster }, first: 100) { nodes { kind actor message } } }',
      { cluster: name },
    );
    return activity.nodes;
  }
  return {
    async cluster(name: string): Promise<ClusterView | null> {
      const data = await hub().graphql<{ cluster: ClusterView | null }>(
        'query ($name: String!) { cluster(name: $name) { name labels connectionState lastSeenAt acceptedAt agentVersion } }',
        { name },
      );
      return data.cluster;
    },
    /** Newest first. */
    eventsOf,
    /** Oldest first. */
    kindsOf: async (name: string) => (await eventsOf(name)).map(({ kind }) => kind).toReversed(),
    /** Whether the hub takes a credential. */
    works: async (credential: string) =>
      (await hub().answer('{ __typename }', {}, credential)).status === 200,
  };
}
