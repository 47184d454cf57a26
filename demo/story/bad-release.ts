// The fifth chapter: a release that is good in dev and staging, and bad in prod, where one cluster finds it out.
import type { Look } from '../narrator.ts';
import { followRelease, type ReleaseFacts } from './follow-release.ts';
import { PromotionTeller } from './promotion-teller.ts';
import { APPLICATION, type Stage } from './stage.ts';

interface Prod {
  readonly slot: SlotView;
  readonly instances: { readonly nodes: readonly Runs[] };
}

interface SlotView {
  readonly currentRelease: { readonly number: number } | null;
  readonly running: { readonly state: string } | null;
  readonly hold: { readonly reason: string } | null;
}

interface Runs {
  readonly cluster: { readonly name: string };
  readonly desiredRelease: { readonly number: number } | null;
  readonly sync: string;
}

const SLOT = /* GraphQL */ `
  query HeldSlot($application: String!) {
    slot(application: $application, environment: "prod") {
      currentRelease {
        number
      }
      running {
        state
      }
      hold {
        reason
      }
    }
    instances(filter: { application: $application, environment: "prod" }) {
      nodes {
        cluster {
          name
        }
        desiredRelease {
          number
        }
        sync
      }
    }
  }
`;

/** It fails in the first wave, prod is taken back by itself, and the release is held. */
export async function badRelease(stage: Stage, bad: ReleaseFacts, good: ReleaseFacts): Promise<void> {
  await followRelease(stage, bad, ['dev', 'staging']);
  await stage.narrator.tell({
    what: `release ${bad.number} stops at the first wave`,
    deadlineMs: stage.patienceMs,
    work: (waitFor) => {
      const teller = new PromotionTeller(stage, 'prod', bad.number);
      return waitFor(async () => {
        const promotion = await teller.look();
        if (promotion?.state === 'SUCCEEDED')
          throw new Error('a release that cannot be applied was verified');
        if (promotion?.state !== 'FAILED') {
          return { waitingOn: promotion?.explanation.join('; ') ?? 'no promotion' };
        }
        const untouched = promotion.waves.slice(1).filter(({ counts }) => counts.ready > 0);
        if (untouched.length > 0) throw new Error('clusters of later waves were given a bad release');
        return { done: `stopped at the first wave: ${promotion.explanation.at(-1) ?? ''}` };
      });
    },
  });
  await stage.narrator.tell({
    what: 'prod is taken back',
    deadlineMs: stage.patienceMs,
    work: (waitFor) => waitFor(() => lookForTheWayBack(stage, good)),
  });
}

async function lookForTheWayBack({ api }: Stage, { number }: ReleaseFacts): Promise<Look<string>> {
  const { slot, instances } = await api.ask<Prod>(SLOT, { application: APPLICATION });
  if (slot.currentRelease?.number !== number) return { waitingOn: 'the rollback has not begun' };
  if (slot.running !== null) return { waitingOn: `the rollback is ${slot.running.state}` };
  const elsewhere = instances.nodes.filter((runs) => runs.desiredRelease?.number !== number);
  const unsettled = instances.nodes.filter(({ sync }) => sync !== 'SYNCED');
  const [left] = [...elsewhere, ...unsettled];
  if (left) return { waitingOn: `${left.cluster.name} is ${left.sync}` };
  if (slot.hold === null) throw new Error('prod is not held after a failure');
  return { done: `prod runs release ${number} again by itself, and is held: ${slot.hold.reason}` };
}

const HOLD = /* GraphQL */ `
  query Hold($application: String!) {
    slot(application: $application, environment: "prod") {
      hold {
        reason
      }
    }
  }
`;

const END_HOLD = /* GraphQL */ `
  mutation EndHold($application: String!) {
    endHold(application: $application, environment: "prod", reason: "the mistake is mended") {
      refusal {
        code
        message
        reasons
      }
    }
  }
`;

/** What an earlier start was stopped in the middle of must not stand in this one's way. */
export async function endHold({ api }: Stage): Promise<void> {
  const variables = { application: APPLICATION };
  const { slot } = await api.ask<{ slot: Pick<SlotView, 'hold'> | null }>(HOLD, variables);
  if (slot?.hold) await api.change('endHold', END_HOLD, variables);
}

/** The next release goes as far as prod, and waits there until a person has looked. */
export async function mendedRelease(stage: Stage, mended: ReleaseFacts): Promise<void> {
  await followRelease(stage, mended, ['dev', 'staging']);
  const teller = new PromotionTeller(stage, 'prod', mended.number);
  await stage.narrator.tell({
    what: `release ${mended.number} waits for a person`,
    deadlineMs: stage.patienceMs,
    work: async (waitFor) => {
      await waitFor(async () => {
        const promotion = await teller.look();
        const isHeld = promotion?.waitingOn.some(({ kind }) => kind === 'HOLD');
        return isHeld
          ? { done: undefined }
          : { waitingOn: promotion?.explanation.join('; ') ?? 'no promotion' };
      });
      await endHold(stage);
      return `release ${mended.number} waited in front of prod until a person ended the hold`;
    },
  });
  await followRelease(stage, mended, ['prod'], teller);
}
