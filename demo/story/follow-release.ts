// A release on its way: made from a commit, then through the environments in order.
import { ENVIRONMENTS, type EnvironmentName } from '../fleet-plan.ts';
import type { HubApi } from '../hub-api.ts';
import type { Look } from '../narrator.ts';
import { PromotionTeller } from './promotion-teller.ts';
import { progressIn, whyNotLive, whyNotThere } from './release-progress.ts';
import { APPLICATION, type Stage } from './stage.ts';

/** A release as the hub numbers it. */
export interface ReleaseFacts {
  readonly number: number;
  readonly commit: string;
  readonly message: string;
}

interface ApplicationFacts {
  readonly latestRelease: ReleaseFacts | null;
  readonly sourceError: { readonly message: string; readonly at: string } | null;
}

const LATEST_RELEASE = /* GraphQL */ `
  query LatestRelease($name: String!) {
    application(name: $name) {
      latestRelease {
        number
        commit
        message
      }
      sourceError {
        message
        at
      }
    }
  }
`;

/** The application's newest release, once there is one; a source that cannot be rendered is an error. */
export async function latestRelease(api: HubApi): Promise<ReleaseFacts | null> {
  const { application } = await api.ask<{ application: ApplicationFacts | null }>(LATEST_RELEASE, {
    name: APPLICATION,
  });
  if (application === null) throw new Error(`the hub does not know the application ${APPLICATION}`);
  const { latestRelease: latest, sourceError } = application;
  if (sourceError !== null) throw new Error(`the hub cannot use the source: ${sourceError.message}`);
  return latest;
}

/** Follows a release until every one of the environments runs it, one step each. `known` has told something of it. */
export async function followRelease(
  stage: Stage,
  release: ReleaseFacts,
  environments: readonly EnvironmentName[] = ENVIRONMENTS,
  known?: PromotionTeller,
): Promise<void> {
  const version = await stage.repository.versionAt(release.commit);
  for (const environment of environments) {
    const teller = known ?? new PromotionTeller(stage, environment, release.number);
    await stage.narrator.tell({
      what: `release ${release.number} gets to ${environment}`,
      deadlineMs: stage.patienceMs,
      work: (waitFor) =>
        waitFor(async () => {
          await teller.look();
          return lookIn(stage, { environment, number: release.number, version });
        }),
    });
  }
}

interface Goal {
  readonly environment: EnvironmentName;
  readonly number: number;
  readonly version: string;
}

async function lookIn({ api, clusters }: Stage, goal: Goal): Promise<Look<string>> {
  const { environment, number, version } = goal;
  const inside = clusters.filter((cluster) => cluster.environment === environment);
  const reason = whyNotThere(await progressIn(api, environment), number, inside);
  if (reason !== undefined) return { waitingOn: reason };
  const notLive = await Promise.all(inside.map((cluster) => whyNotLive(cluster, version)));
  const stillOld = notLive.filter((one) => one !== undefined);
  if (stillOld.length > 0) return { waitingOn: stillOld.join('; ') };
  const names = inside.map(({ name }) => name).join(', ');
  return { done: `release ${number} (shop ${version}) is in ${environment}: ${names} SYNCED and HEALTHY` };
}

interface PromotionFacts {
  readonly environment: { readonly name: string };
  readonly state: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

const PROMOTIONS = /* GraphQL */ `
  query Promotions($filter: PromotionFilter!) {
    promotions(filter: $filter) {
      edges {
        node {
          environment {
            name
          }
          state
          startedAt
          finishedAt
        }
      }
    }
  }
`;

/** A step that holds the hub's own record against the promise: no environment before the one before it was done. */
export async function checkOrder(
  { api, narrator, patienceMs }: Stage,
  { number }: ReleaseFacts,
): Promise<void> {
  await narrator.tell({
    what: `release ${number} went in order`,
    deadlineMs: patienceMs,
    work: async () => {
      const filter = { application: APPLICATION, release: number };
      const { promotions } = await api.ask<{ promotions: { edges: { node: PromotionFacts }[] } }>(
        PROMOTIONS,
        { filter },
      );
      const problem = outOfOrder(promotions.edges.map(({ node }) => node));
      if (problem !== undefined) throw new Error(problem);
      return `release ${number} went in order: ${ENVIRONMENTS.join(', then ')}, each after the one before was done`;
    },
  });
}

function outOfOrder(promotions: readonly PromotionFacts[]): string | undefined {
  let before = { name: 'the beginning', finishedAt: 0 };
  for (const name of ENVIRONMENTS) {
    const promotion = promotions.find(({ environment }) => environment.name === name);
    if (promotion?.state !== 'SUCCEEDED')
      return `${name} has ${promotion?.state ?? 'no promotion'}, not SUCCEEDED`;
    const startedAt = Date.parse(promotion.startedAt ?? '');
    if (!(startedAt >= before.finishedAt))
      return `${name} was begun at ${promotion.startedAt}, before ${before.name} was done`;
    before = { name, finishedAt: Date.parse(promotion.finishedAt ?? '') };
  }
  return undefined;
}
