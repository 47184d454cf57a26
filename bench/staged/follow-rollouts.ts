// One commit followed through the waves of every application, by what the hub says of its promotions.
import type { HubApi } from '../../demo/hub-api.ts';
import { Hopeless, until } from '../../test/support/until.ts';
import type { PlainApplication } from '../content/fleet-setup.ts';

/** How one rollout ended. */
export interface EndedRollout {
  /** From the promotion's making to its verification. */
  readonly rolloutMs: number;
  readonly finishedAtMs: number;
  readonly ready: number;
  readonly offline: number;
}

const LOOK_EVERY_MS = 500;
const PATIENCE_MS = 600_000;
const FAILED: readonly string[] = ['FAILED', 'CANCELLED', 'EXPIRED'];
const STATES = /* GraphQL */ `
  query ($release: Int!, $after: String) {
    promotions(filter: { release: $release }, first: 100, after: $after) {
      nodes {
        state
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;
const PROMOTIONS = /* GraphQL */ `
  query ($release: Int!, $after: String) {
    promotions(filter: { release: $release }, first: 100, after: $after) {
      nodes {
        state
        explanation
        createdAt
        finishedAt
        waves {
          counts {
            ready
            offline
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

interface PromotionNode {
  readonly state: string;
  readonly explanation: readonly string[];
  readonly createdAt: string;
  readonly finishedAt: string | null;
  readonly waves: readonly WaveNode[];
}

interface WaveNode {
  readonly counts: { readonly ready: number; readonly offline: number };
}

interface Answer<Node> {
  readonly promotions: {
    readonly nodes: readonly Node[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

/**
 * Resolves when every application's promotion of the release has succeeded; a failed one ends the wait. Looks at states
 * alone until then: what follows a rollout must not be what slows it down.
 */
export function untilRolledOut(
  api: HubApi,
  all: readonly PlainApplication[],
  release: number,
): Promise<EndedRollout[]> {
  return until(
    `${all.length} rollouts of release ${release}`,
    async () => {
      const states = await promotionsOf<Pick<PromotionNode, 'state'>>(api, STATES, release);
      const isOver = states.some(({ state }) => FAILED.includes(state));
      const ended = states.filter(({ state }) => state === 'SUCCEEDED');
      if (!isOver && ended.length < all.length) return false;
      const nodes = await promotionsOf<PromotionNode>(api, PROMOTIONS, release);
      const failed = nodes.find(({ state }) => FAILED.includes(state));
      if (failed) throw new Hopeless(failed.explanation.join(' '));
      return nodes.map(endedOf);
    },
    { timeoutMs: PATIENCE_MS, intervalMs: LOOK_EVERY_MS },
  );
}

async function promotionsOf<Node>(api: HubApi, query: string, release: number): Promise<Node[]> {
  const nodes: Node[] = [];
  let after: string | null = null;
  do {
    const { promotions }: Answer<Node> = await api.ask<Answer<Node>>(query, { release, after });
    nodes.push(...promotions.nodes);
    after = promotions.pageInfo.hasNextPage ? promotions.pageInfo.endCursor : null;
  } while (after !== null);
  return nodes;
}

function endedOf({ createdAt, finishedAt, waves }: PromotionNode): EndedRollout {
  const finishedAtMs = Date.parse(finishedAt ?? '');
  return {
    rolloutMs: finishedAtMs - Date.parse(createdAt),
    finishedAtMs,
    ready: waves.reduce((sum, { counts }) => sum + counts.ready, 0),
    offline: waves.reduce((sum, { counts }) => sum + counts.offline, 0),
  };
}
