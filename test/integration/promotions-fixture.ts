// A hub with environments, a policy, a Git repository and reporting agents: what tests of promotions begin with.
import type { ReportedDrift } from '@fairlead/protocol/drift';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { makeRepository, type TestRepository } from '../support/git-repository.ts';
import { startReportingAgent, type ReportingAgent } from '../support/reporting-agent.ts';
import { until } from '../support/until.ts';

/** A step of the policy under test. */
export interface Step {
  readonly environment: string;
  readonly trigger?: 'AUTOMATIC' | 'MANUAL';
  readonly after?: readonly string[];
  readonly progressDeadline?: string;
  /** Any other field of a step's input: waves, gates, onFailure, offline … */
  readonly [field: string]: unknown;
}

/** A promotion, as tests look at it. */
export interface PromotionView {
  readonly id: string;
  readonly state: string;
  readonly intent: string;
  readonly requestedBy: string;
  readonly release: { readonly number: number };
  readonly environment: { readonly name: string };
  readonly supersededBy: { readonly id: string } | null;
  readonly rollbackOf: { readonly id: string } | null;
  readonly waitingOn: readonly { readonly kind: string; readonly message: string }[];
  readonly explanation: readonly string[];
}

const PROMOTION = `id state intent requestedBy release { number } environment { name } supersededBy { id }
  rollbackOf { id } waitingOn { kind message since until } explanation`;

/** A failure counts a second after it began, and from the hub's second second on. */
const impatient = { FAIRLEAD_HEALTH_GRACE: '1s', FAIRLEAD_STALE_AFTER: '1s' };

/** A wave, as tests look at it. */
export interface WaveView {
  readonly name: string;
  readonly state: string;
  readonly counts: Readonly<
    Record<'total' | 'pending' | 'moving' | 'ready' | 'failed' | 'offline' | 'skipped', number>
  >;
  readonly targets: {
    readonly nodes: readonly { readonly state: string; readonly cluster: { readonly name: string } }[];
  };
}

/** One application called `shop`, and everything that moves it. */
export class PromotionWorld {
  readonly hub: TestHub;
  readonly repository: TestRepository;
  readonly agents = new Map<string, ReportingAgent>();

  constructor(hub: TestHub, repository: TestRepository) {
    this.hub = hub;
    this.repository = repository;
  }

  static async start(environment: Readonly<Record<string, string>> = {}): Promise<PromotionWorld> {
    return new PromotionWorld(await startTestHub({ ...impatient, ...environment }), makeRepository());
  }

  /** A cluster whose label `env` is the environment. */
  async cluster(name: string, env: string): Promise<ReportingAgent> {
    const agent = await startReportingAgent(this.hub, name, { env });
    this.agents.set(name, agent);
    return agent;
  }

  /** Another cluster in the place of the one of that name, with nothing in it. */
  async rebuild(name: string): Promise<void> {
    this.agents.set(name, await startReportingAgent(this.hub, name, {}, { replaces: name }));
  }

  /** Environments by their label, and the policy over them. */
  async policy(steps: readonly Step[]): Promise<void> {
    for (const { environment } of steps) {
      await this.hub.graphql(
        'mutation ($i: EnvironmentInput!) { saveEnvironment(input: $i) { refusal { message } } }',
        {
          i: { name: environment, selector: `env=${environment}` },
        },
      );
    }
    await this.hub.graphql('mutation ($i: PolicyInput!) { savePolicy(input: $i) { refusal { message } } }', {
      i: { name: 'way', steps },
    });
  }

  /** Commits `version`, and makes it a release. */
  async ship(version: string): Promise<void> {
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shop' }, data: { version } };
    this.repository.commit({ 'shop/shop.json': JSON.stringify(configMap) }, `version ${version}`);
    const { application } = await this.hub.graphql<{ application: unknown }>(
      '{ application(name: "shop") { name } }',
    );
    if (!application) await this.describe();
    await this.hub.graphql('mutation { refreshApplication(name: "shop") { refusal { message } } }');
  }

  async promotions(): Promise<readonly PromotionView[]> {
    const { promotions } = await this.hub.graphql<{ promotions: { nodes: PromotionView[] } }>(
      `{ promotions(filter: { application: "shop" }) { nodes { ${PROMOTION} } } }`,
    );
    return promotions.nodes.toReversed();
  }

  /** `environment#release STATE` of all promotions, oldest first. */
  async story(): Promise<readonly string[]> {
    const promotions = await this.promotions();
    return promotions.map((each) => `${each.environment.name}#${each.release.number} ${each.state}`);
  }

  /** Waits until the story is exactly this. */
  async tells(...story: readonly string[]): Promise<void> {
    await until(
      `the promotions to be ${story.join(', ')}`,
      async () => {
        const now = await this.story();
        if (JSON.stringify(now) === JSON.stringify(story)) return true;
        const why = (await this.promotions()).flatMap(({ explanation }) => explanation);
        throw new Error(`${JSON.stringify(now)}: ${why.join(' ')}`);
      },
      { timeoutMs: 20_000 },
    );
  }

  async find(environment: string, release: number): Promise<PromotionView> {
    const found = (await this.promotions()).findLast(
      (each) => each.environment.name === environment && each.release.number === release,
    );
    if (!found) throw new Error(`there is no promotion of release ${release} to ${environment}`);
    return found;
  }

  /** Waits until the newest promotion of the release waits for that. */
  async waitsFor(environment: string, release: number, kind: string): Promise<void> {
    await until(`release ${release} to wait for ${kind}`, async () =>
      (await this.find(environment, release)).waitingOn.some((wait) => wait.kind === kind),
    );
  }

  /** `name STATE: cluster STATE, …` of every wave of the newest promotion of the release. */
  async waves(environment: string, release: number): Promise<readonly string[]> {
    const { id } = await this.find(environment, release);
    const { promotion } = await this.hub.graphql<{ promotion: { waves: readonly WaveView[] } }>(
      `query ($id: ID!) { promotion(id: $id) { waves { name state targets { nodes { state cluster { name } } } } } }`,
      { id },
    );
    return promotion.waves.map(({ name, state, targets }) => {
      const clusters = targets.nodes.map((target) => `${target.cluster.name} ${target.state}`);
      return `${name} ${state}: ${clusters.join(', ')}`;
    });
  }

  /** Waits until the waves are exactly these. */
  async wavesAre(environment: string, release: number, ...waves: readonly string[]): Promise<void> {
    await until(
      `the waves to be ${waves.join('; ')}`,
      async () => {
        const now = await this.waves(environment, release);
        if (JSON.stringify(now) === JSON.stringify(waves)) return true;
        throw new Error(now.join('; '));
      },
      { timeoutMs: 20_000 },
    );
  }

  /** Waits until the agent of the cluster is assigned the release. */
  async given(cluster: string, release: number): Promise<void> {
    await until(
      `${cluster} to be given release ${release}`,
      async () => {
        const living = (await this.agents.get(cluster)!.assigned()).filter(
          ({ tombstone }) => tombstone === null,
        );
        return living.some((each) => each.release === release) || undefined;
      },
      { timeoutMs: 20_000 },
    );
  }

  /** The cluster applies the release, once it is given it. */
  async applies(cluster: string, release: number): Promise<void> {
    await this.given(cluster, release);
    await this.report(cluster);
  }

  /** Another environment for the cluster: the label decides. */
  async move(cluster: string, env: string, removals = 0): Promise<void> {
    await this.hub.graphql(
      'mutation ($n: String!, $l: JSON!, $c: Int) { setClusterLabels(name: $n, labels: $l, confirmRemovals: $c) { refusal { message } } }',
      { n: cluster, l: { env }, c: removals },
    );
  }

  promote(environment: string, release: number, more: Record<string, unknown> = {}): Promise<Asked> {
    return this.ask(
      `mutation ($input: PromoteInput!) { result: promote(input: $input) { promotion { ${PROMOTION} } refusal { code message } } }`,
      { input: { application: 'shop', environment, release, ...more } },
    );
  }

  rollback(environment: string, toRelease?: number): Promise<Asked> {
    return this.ask(
      `mutation ($e: String!, $to: Int) { result: rollback(application: "shop", environment: $e, toRelease: $to, reason: "it broke") {
         promotion { ${PROMOTION} } refusal { code message } } }`,
      { e: environment, to: toRelease ?? null },
    );
  }

  /** Every agent pulls and reports the same. */
  async report(
    cluster: string,
    verdict: Record<string, string> = {},
    drift: readonly ReportedDrift[] = [],
  ): Promise<void> {
    await this.agents.get(cluster)!.report(verdict, drift);
  }

  async stop(): Promise<void> {
    await this.hub.stop();
    this.repository.remove();
  }

  private async ask(query: string, variables: Record<string, unknown>): Promise<Asked> {
    return (await this.hub.graphql<{ result: Asked }>(query, variables)).result;
  }

  private async describe(): Promise<void> {
    const input = { name: 'shop', policy: 'way', source: { repository: this.repository.url, path: 'shop' } };
    await this.hub.graphql(
      'mutation ($input: ApplicationInput!) { saveApplication(input: $input) { refusal { message } } }',
      { input },
    );
  }
}

/** What `promote` and `rollback` answer. */
export interface Asked {
  readonly promotion: PromotionView | null;
  readonly refusal: { readonly code: string; readonly message: string } | null;
}
