// What people ask of the hub on the main path, in the words of the public API.
import type { hubClient } from '../../support/hub.ts';
import { until } from '../../support/until.ts';
import type { Place } from './shop-repository.ts';

const TIMEOUT_MS = 90_000;

/** Where the shop stands in one environment. */
export interface SlotView {
  readonly currentRelease: { readonly number: number } | null;
  readonly running: { readonly state: string } | null;
  readonly waitingOn: readonly { readonly kind: string; readonly message: string }[];
  readonly explanation: readonly string[];
}

/** Where the shop stands in one cluster. */
export interface InstanceView {
  readonly id: string;
  readonly sync: string;
  readonly health: string;
  readonly message: string | null;
  readonly generation: number;
  readonly observedRelease: { readonly number: number } | null;
}

/** One promotion of the shop. */
export interface PromotionView {
  readonly state: string;
  readonly intent: string;
  readonly release: { readonly number: number };
  readonly environment: { readonly name: Place };
}

/** A change that the hub recorded. */
export interface EventView {
  readonly kind: string;
  readonly message: string;
  readonly environment: string | null;
  readonly cluster: string | null;
}

interface Refusable {
  readonly refusal: { readonly message: string; readonly reasons: readonly string[] } | null;
}

const REFUSAL = 'refusal { message reasons }';

const DESCRIBE = /* GraphQL */ `
  mutation ($dev: EnvironmentInput!, $staging: EnvironmentInput!, $production: EnvironmentInput!,
    $policy: PolicyInput!, $repository: RepositoryInput!, $application: ApplicationInput!) {
    a: saveEnvironment(input: $dev) { ${REFUSAL} }
    b: saveEnvironment(input: $staging) { ${REFUSAL} }
    c: saveEnvironment(input: $production) { ${REFUSAL} }
    d: savePolicy(input: $policy) { ${REFUSAL} }
    e: saveRepository(input: $repository) { ${REFUSAL} }
    f: saveApplication(input: $application) { ${REFUSAL} }
  }
`;

/** The application `shop` at a hub. */
export class Shop {
  readonly #hub: Pick<ReturnType<typeof hubClient>, 'graphql'>;
  readonly #repository: string;

  constructor(hub: Pick<ReturnType<typeof hubClient>, 'graphql'>, repository: string) {
    this.#hub = hub;
    this.#repository = repository;
  }

  /** A token for the one cluster of a place. */
  async createJoinToken(place: Place): Promise<string> {
    const { createJoinToken } = await this.#hub.graphql<{ createJoinToken: { secret: string } }>(
      'mutation ($input: CreateJoinTokenInput!) { createJoinToken(input: $input) { secret } }',
      { input: { clusterName: `${place}-1`, labels: { env: place } } },
    );
    return createJoinToken.secret;
  }

  /** Environments, a policy whose last step a person takes, and the application with a path by environment. */
  async describe(): Promise<void> {
    const environment = (name: Place) => ({ name, selector: `env=${name}` });
    const steps = [
      { environment: 'dev', trigger: 'AUTOMATIC' },
      { environment: 'staging', trigger: 'AUTOMATIC' },
      { environment: 'production', trigger: 'MANUAL' },
    ];
    const saved = await this.#hub.graphql<Record<string, Refusable>>(DESCRIBE, {
      dev: environment('dev'),
      staging: environment('staging'),
      production: environment('production'),
      policy: { name: 'in-order', steps },
      repository: { url: this.#repository },
      application: {
        name: 'shop',
        policy: 'in-order',
        namespace: 'shop',
        source: { repository: this.#repository, ref: 'main', path: 'overlays/{{environment}}' },
      },
    });
    for (const each of Object.values(saved)) accept(each);
  }

  /** Asks the hub to look at the repository now; the newest release afterwards. */
  async refresh(): Promise<{ readonly number: number; readonly commit: string }> {
    const { refreshApplication } = await this.#hub.graphql<{ refreshApplication: RefreshAnswer }>(
      `mutation { refreshApplication(name: "shop") { ${REFUSAL}
         application { sourceError { code message } latestRelease { number commit } } } }`,
    );
    accept(refreshApplication);
    const { sourceError, latestRelease } = refreshApplication.application ?? {};
    if (sourceError || !latestRelease) throw new Error(`no release: ${JSON.stringify(sourceError)}`);
    return latestRelease;
  }

  /** Numbers of all releases, the newest first. */
  async releases(): Promise<readonly number[]> {
    const { application } = await this.#hub.graphql<{
      application: { releases: { nodes: { number: number }[] } };
    }>('{ application(name: "shop") { releases { nodes { number } } } }');
    return application.releases.nodes.map(({ number }) => number);
  }

  async promote(place: Place, release: number): Promise<void> {
    const { promote } = await this.#hub.graphql<{ promote: Refusable }>(
      `mutation ($input: PromoteInput!) { promote(input: $input) { ${REFUSAL} } }`,
      { input: { application: 'shop', environment: place, release, reason: 'it is good' } },
    );
    accept(promote);
  }

  /** Back to what ran before. */
  async rollback(place: Place): Promise<void> {
    const { rollback } = await this.#hub.graphql<{ rollback: Refusable }>(
      `mutation ($place: String!) {
         rollback(application: "shop", environment: $place, reason: "it is bad") { ${REFUSAL} } }`,
      { place },
    );
    accept(rollback);
  }

  async slot(place: Place): Promise<SlotView> {
    const { slot } = await this.#hub.graphql<{ slot: SlotView }>(
      `query ($place: String!) { slot(application: "shop", environment: $place) {
         currentRelease { number } running { state } waitingOn { kind message } explanation } }`,
      { place },
    );
    return slot;
  }

  async instance(place: Place): Promise<InstanceView | undefined> {
    const { instances } = await this.#hub.graphql<{ instances: { nodes: InstanceView[] } }>(
      `query ($place: String!) { instances(filter: { application: "shop", environment: $place }) {
         nodes { id sync health message generation observedRelease { number } } } }`,
      { place },
    );
    return instances.nodes[0];
  }

  /** Every promotion there ever was, oldest first. */
  async promotions(): Promise<readonly PromotionView[]> {
    const { promotions } = await this.#hub.graphql<{ promotions: { nodes: PromotionView[] } }>(
      `{ promotions(filter: { application: "shop" }, first: 500) {
           nodes { state intent release { number } environment { name } } } }`,
    );
    return promotions.nodes.toReversed();
  }

  /** Everything that was recorded of the shop, oldest first. */
  async events(): Promise<readonly EventView[]> {
    const { activity } = await this.#hub.graphql<{ activity: { nodes: EventView[] } }>(
      '{ activity(filter: { application: "shop" }, first: 500) { nodes { kind message environment cluster } } }',
    );
    return activity.nodes.toReversed();
  }

  /** Waits until the release runs in a place, is healthy there, and its promotion is over. */
  async arrived(place: Place, release: number): Promise<void> {
    await until(
      `release ${release} to be in ${place}`,
      async () => {
        const [slot, instance] = [await this.slot(place), await this.instance(place)];
        const isThere =
          slot.currentRelease?.number === release &&
          slot.running === null &&
          instance?.sync === 'SYNCED' &&
          instance.health === 'HEALTHY' &&
          instance.observedRelease?.number === release;
        if (!isThere) throw new Error(JSON.stringify({ slot, instance }));
        return true;
      },
      { timeoutMs: TIMEOUT_MS },
    );
  }
}

interface RefreshAnswer extends Refusable {
  readonly application: {
    readonly sourceError: object | null;
    readonly latestRelease: { readonly number: number; readonly commit: string } | null;
  } | null;
}

function accept({ refusal }: Refusable): void {
  if (refusal) throw new Error([refusal.message, ...refusal.reasons].join('; '));
}
