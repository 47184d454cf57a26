// Another manager writes one field once a second, for ever: when the agent gives up, and what it does from then on.
import { setTimeout as pause } from 'node:timers/promises';
import type { ControlPlane } from '../../test/support/control-plane.ts';
import { until } from '../../test/support/until.ts';
import type { Figures } from '../benchmark.ts';
import { countRequests } from '../measure/api-server-requests.ts';
import { changedApplication, FOUGHT_OVER } from './changed-content.ts';
import type { Workplace } from './hand-made-changes.ts';

const EVERY_MS = 1_000;
const AFTERWARDS_MS = 20_000;
const MERGE = 'application/merge-patch+json';
const RESOURCES = new Set(['configmaps']);

const CONTESTED = /* GraphQL */ `
  query Contested($filter: DriftFilter) {
    driftItems(filter: $filter) {
      nodes {
        contested
        manager
      }
    }
  }
`;

interface ContestedAnswer {
  readonly driftItems: {
    readonly nodes: readonly { readonly contested: boolean; readonly manager: string }[];
  };
}

/** The agent's writes are those that the other manager did not make. */
export async function measureFight({ hub, plane, context }: Workplace): Promise<Figures> {
  const writer = startWriter(plane);
  try {
    const startedAt = performance.now();
    const isContested = async () => {
      const filter = { application: changedApplication.name, contested: true };
      return (await hub.api.ask<ContestedAnswer>(CONTESTED, { filter })).driftItems.nodes.length > 0;
    };
    await until('the field to be CONTESTED', isContested, { timeoutMs: 120_000 });
    const contestedAfterMs = performance.now() - startedAt;
    context.say(`the fight is CONTESTED after ${Math.round(contestedAfterMs)} ms`);
    const [before, theirsBefore] = [await requests(plane), writer.writes()];
    await pause(AFTERWARDS_MS);
    const [after, theirs] = [await requests(plane), writer.writes() - theirsBefore];
    return {
      contestedAfterMs,
      contestedTheirWrites: theirs,
      contestedAgentWrites: Math.max(0, after.writes - before.writes - theirs - 1),
      contestedAgentReads: after.reads - before.reads,
    };
  } finally {
    await writer.stop();
  }
}

function startWriter({ api }: ControlPlane) {
  const ending = new AbortController();
  const path = `/api/v1/namespaces/${changedApplication.namespace}/configmaps/${FOUGHT_OVER}`;
  let writes = 0;
  const loop = (async () => {
    while (!ending.signal.aborted) {
      await api('PATCH', `${path}?fieldManager=tuner`, { data: { a: `theirs ${writes}` } }, MERGE);
      writes += 1;
      await pause(EVERY_MS, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  })();
  const stop = async (): Promise<void> => {
    ending.abort();
    await loop;
  };
  return { writes: () => writes, stop };
}

async function requests({ api }: ControlPlane) {
  const { body } = await api<string>('GET', '/metrics');
  return countRequests(body, RESOURCES);
}
