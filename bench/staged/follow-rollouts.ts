// One commit followed through the waves of every application, by what the hub says of its promotions.
import type { HubApi } from '../../demo/hub-api.ts';
import { Hopeless, until } from '../../test/support/until.ts';
import type { PlainApplication } from '../content/fleet-setup.ts';

/** How one rollout ended. */
export interface EndedRollout {
  /** From the promotion's making to its verification. */
  readonly rolloutMs: number;
  readonly finishedAtMs: number;
  readonly waves: number;
  /** Of the waves. */
  readonly passed: number;
  readonly ready: number;
  readonly offline: number;
}

const LOOK_EVERY_MS = 250;
const PATIENCE_MS = 600_000;
const PROMOTIONS = /* GraphQL */ `
  query ($release: Int!, $after: String) {
    promotions(filter: { release: $release }, first: 100, after: $after) {
      nodes {
        state
        explanation
        createdAt
        finishedAt
        waves {
          state
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
  readonly state: string;
  readonly counts: { readonly ready: number; readonly offline: number };
}

interface Answer {
  readonly promotions: {
    readonly nodes: readonly PromotionNode[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

/** Resolves when every application's promotion of the release has succeeded; a failed one ends the wait. */
export function untilRolledOut(
  api: HubApi,
  all: readonly PlainApplication[],
  release: number,
): Promise<EndedRollout[]> {
  return until(
    `${all.length} rollouts of release ${release}`,
    async () => {
      const nodes = await promotionsOf(api, release);
      const failed = nodes.find(({ state }) => ['FAILED', 'CANCELLED', 'EXPIRED'].includes(state));
      if (failed) throw new Hopeless(failed.explanation.join(' '));
      const ended = nodes.filter(({ state }) => state === 'SUCCEEDED');
      return ended.length === all.length && ended.map(endedOf);
    },
    { timeoutMs: PATIENCE_MS, intervalMs: LOOK_EVERY_MS },
  );
}

async function promotionsOf(api: HubApi, release: number): Promise<PromotionNode[]> {
  const nodes: PromotionNode[] = [];
  let after: string | null = null;
  do {
    const { promotions }: Answer = await api.ask<Answer>(PROMOTIONS, { release, after });
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
    waves: waves.length,
    passed: waves.filter(({ state }) => state === 'PASSED').length,
    ready: waves.reduce((sum, { counts }) => sum + counts.ready, 0),
    offline: waves.reduce((sum, { counts }) => sum + counts.offline, 0),
  };
}
