// The whole story, in order. Names that are there from an earlier start are no obstacle: it goes on from there.
import type { CommittedChange } from '../example-repository.ts';
import { badRelease, endHold, mendedRelease } from './bad-release.ts';
import { describeDelivery } from './describe-delivery.ts';
import { enrolClusters } from './enrol-clusters.ts';
import { checkOrder, followRelease, latestRelease, type ReleaseFacts } from './follow-release.ts';
import { changeByHand } from './hand-made-change.ts';
import { APPLICATION, type Stage } from './stage.ts';
import { endFreezes, stagedRelease, takeAway } from './staged-release.ts';

/** Tells it through the hub's public API alone. Throws at the first step that fails. */
export async function tellStory(stage: Stage): Promise<void> {
  await enrolClusters(stage);
  await describeDelivery(stage);
  await endFreezes(stage);
  await endHold(stage);
  await stage.repository.mend();
  const first = await releaseOfToday(stage);
  await followRelease(stage, first);
  await changeByHand(stage);
  const away = await takeAway(stage, first);
  const good = await commitAndWait(stage, () => stage.repository.raiseVersion());
  await stagedRelease(stage, good, away);
  const bad = await commitAndWait(stage, () => stage.repository.breakProd());
  await badRelease(stage, bad, good);
  const mended = await commitAndWait(stage, () => mend(stage));
  await mendedRelease(stage, mended);
  await checkOrder(stage, mended);
}

async function mend({ repository }: Stage): Promise<CommittedChange> {
  return (await repository.mend()) ?? repository.raiseVersion();
}

const REFRESH = /* GraphQL */ `
  mutation Refresh($name: String!) {
    refreshApplication(name: $name) {
      refusal {
        code
        message
        reasons
      }
    }
  }
`;

/** The newest release after the hub has looked at the repository once more: number 1 at the first start. */
async function releaseOfToday({ api, narrator, patienceMs, repository }: Stage): Promise<ReleaseFacts> {
  const { sha } = await repository.head();
  return narrator.find({
    what: 'the commit becomes a release',
    deadlineMs: patienceMs,
    work: async () => {
      await api.change('refreshApplication', REFRESH, { name: APPLICATION });
      const release = await latestRelease(api);
      if (release === null)
        throw new Error('the repository was fetched and rendered, and there is no release');
      return release;
    },
    say: (release) => {
      const since = release.commit === sha ? '' : '; nothing that is rendered has changed since';
      return `${commitInWords(release)} is release ${release.number}${since}`;
    },
  });
}

/** Commits a change and leaves it to the hub to find it. */
async function commitAndWait(
  { api, narrator, patienceMs }: Stage,
  commit: () => Promise<CommittedChange>,
): Promise<ReleaseFacts> {
  return narrator.find({
    what: 'a new commit becomes a release',
    deadlineMs: patienceMs,
    work: async (waitFor) => {
      const { sha } = await commit();
      return waitFor(async () => {
        const latest = await latestRelease(api);
        if (latest?.commit === sha) return { done: latest };
        return { waitingOn: `the hub has not found commit ${sha.slice(0, 7)}` };
      });
    },
    say: (release) => `${commitInWords(release)} was found by the hub and is release ${release.number}`,
  });
}

const commitInWords = ({ commit, message }: ReleaseFacts) =>
  `commit ${commit.slice(0, 7)} "${message.split('\n')[0]}"`;
