// Two clusters, a and b, with an agent each, on a hub with the applications shop and blog in the environment dev.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { joinAgent, type Agent } from './delivery-agent.ts';
import {
  assignRelease,
  reportOf,
  seedFleet,
  startFleet,
  type Fleet,
  type SeededFleet,
} from './delivery-fixture.ts';

/** What the hub answers to an agent that asks for its assignments. */
export interface Assignments {
  readonly generation: number;
  readonly epoch: string;
  readonly complete: boolean;
  readonly assignments: readonly {
    readonly instance: string;
    readonly application: string;
    readonly bundle: string;
    readonly generation: number;
    readonly namespace: string;
    readonly tombstone: string | null;
    readonly approvedPrune: number | null;
    readonly syncPolicy: { readonly drift: string };
  }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** Everything that an agent is told of its assignments. */
export const assignmentsQuery = `query ($since: Int!, $epoch: String, $first: Int!, $after: String) {
  assignments(since: $since, epoch: $epoch, first: $first, after: $after) {
    generation epoch complete pageInfo { hasNextPage endCursor }
    assignments { instance application bundle generation namespace serviceAccountName tombstone approvedPrune syncPolicy { drift } } } }`;
export const reportMutation = `mutation ($batch: ReportBatchInput!) { reportInstances(batch: $batch) { verdicts nextReportMs } }`;

/** The one bundle that the hub has. */
export const bundleText = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}\n';
/** SHA-256 of it. */
export const bundleDigest = createHash('sha256').update(bundleText).digest('hex');

/** A hub, its fleet, and what its two agents do. */
export class DeliveryWorld {
  readonly hub: TestHub;
  readonly fleet: Fleet;
  readonly seeded: SeededFleet;
  readonly #agents: ReadonlyMap<string, Agent>;
  #sequence = 0;

  private constructor(hub: TestHub, fleet: Fleet, seeded: SeededFleet, agents: ReadonlyMap<string, Agent>) {
    this.hub = hub;
    this.fleet = fleet;
    this.seeded = seeded;
    this.#agents = agents;
  }

  static async start(): Promise<DeliveryWorld> {
    const hub = await startTestHub();
    const fleet = await startFleet(hub.databaseUrl);
    const agents = new Map<string, Agent>();
    for (const name of ['a', 'b']) agents.set(name, await joinAgent(hub, name));
    const seeded = await seed(fleet);
    await fleet.follow({
      environmentIds: [...seeded.environmentIds.values()],
      applicationIds: [...seeded.applicationIds.values()],
    });
    await fleet.sql('insert into bundle (digest, content, objects, bytes) values ($1, $2, 1, $3)', [
      bundleDigest,
      gzipSync(bundleText),
      bundleText.length,
    ]);
    return new DeliveryWorld(hub, fleet, seeded, agents);
  }

  async stop(): Promise<void> {
    await this.fleet.stop();
    await this.hub.stop();
  }

  agent(name: string): Agent {
    const known = this.#agents.get(name);
    if (!known) throw new Error(`There is no agent ${name}.`);
    return known;
  }

  async ask(name: string, variables: object): Promise<Assignments> {
    const { assignments } = await this.hub.graphql<{ assignments: Assignments }>(
      assignmentsQuery,
      { since: 0, first: 50, ...variables },
      this.agent(name).credential,
    );
    return assignments;
  }

  /** The same of all that the agent is assigned. */
  async report(name: string, change: Parameters<typeof reportOf>[1] = {}) {
    const { assignments } = await this.ask(name, {});
    const instances = assignments.map((each) =>
      reportOf(
        { tracking_id: each.instance, generation: BigInt(each.generation), bundle_digest: each.bundle },
        change,
      ),
    );
    this.#sequence += 1;
    const batch = { session: this.agent(name).session, sequence: this.#sequence, instances };
    const answer = await this.hub.graphql<{ reportInstances: { verdicts: string[]; nextReportMs: number } }>(
      reportMutation,
      { batch },
      this.agent(name).credential,
    );
    return answer.reportInstances;
  }

  assign(application: string, number: number, clusters: readonly string[]) {
    return assignRelease(this.fleet, this.seeded, { application, environment: 'dev', number, clusters });
  }
}

async function seed(fleet: Fleet): Promise<SeededFleet> {
  const clusters = await fleet.sql<{ id: bigint; name: string }>('select id, name from cluster');
  const made = await seedFleet(fleet, {
    clusters: {},
    environments: ['dev'],
    applications: ['shop', 'blog'],
  });
  return { ...made, clusterIds: new Map(clusters.map(({ id, name }) => [name, id])) };
}
