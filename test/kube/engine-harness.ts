// An engine on a cluster, with bundles in memory: what the suites of the agent's engine share.
import { createHash, randomBytes } from 'node:crypto';
import { Engine, type InstanceObservation } from '../../agent/src/delivery/engine.ts';
import { systemClock } from '../../agent/src/clock.ts';
import { HttpKubeClient } from '../../agent/src/kube/http-kube-client.ts';
import type { Log } from '../../agent/src/log.ts';
import type { AssignedSyncPolicy, Assignment } from '@fairlead/protocol/assignment';
import { canonicalBundle } from '@fairlead/protocol/canonical';
import type { ReportedDrift } from '@fairlead/protocol/drift';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { RawApi } from '../support/raw-api.ts';
import { until } from '../support/until.ts';

/** Where the engine under test works. */
export interface TestCluster {
  readonly server: string;
  readonly caPem: string;
  readonly adminToken: string;
  readonly api: RawApi;
}

const policy: AssignedSyncPolicy = {
  prune: true,
  drift: 'HEAL',
  ignore: [],
  pruneLimitPercent: 50,
  adopt: false,
  extraObjects: false,
  exceptions: [],
};
const INVENTORIES = 'fairlead-agent';
const SETTLED = { timeoutMs: 30_000 };

/** What an order may change; the rest stays as it was. */
export interface Order {
  readonly objects?: readonly KubernetesObject[];
  readonly namespace?: string;
  readonly serviceAccountName?: string;
  readonly policy?: Partial<AssignedSyncPolicy>;
  readonly tombstone?: Assignment['tombstone'];
}

/** How an engine may be held in bounds. */
export interface EngineLimits {
  readonly token?: string;
  readonly namespaces?: readonly string[];
}

/** Keeps one engine and the bundles of its instances; `restart` replaces the engine as a crash would. */
export class EngineHarness {
  readonly #cluster: TestCluster;
  #limits: EngineLimits;
  readonly #bundles = new Map<string, readonly KubernetesObject[]>();
  readonly #orders = new Map<string, Assignment>();
  readonly lines: string[] = [];
  /** Differences that are over, in the order in which they ended. */
  readonly ended: (ReportedDrift & { readonly instance: string })[] = [];
  readonly #open = new Map<string, readonly ReportedDrift[]>();
  #client: HttpKubeClient;
  engine: Engine;

  constructor(cluster: TestCluster, limits: EngineLimits = {}) {
    this.#cluster = cluster;
    this.#limits = limits;
    this.#client = this.#connect();
    this.engine = this.#newEngine();
  }

  async start(): Promise<this> {
    const metadata = { name: INVENTORIES };
    await this.#cluster.api('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata });
    await this.engine.start();
    return this;
  }

  async stop(): Promise<void> {
    await this.engine.stop();
    this.#client.close();
  }

  /** Drops the engine without letting it end anything, and starts another one with the same orders, perhaps in other bounds. */
  async crashAndRestart(limits: EngineLimits = this.#limits): Promise<void> {
    this.#limits = limits;
    this.#client.close();
    void this.engine.stop();
    this.#client = this.#connect();
    this.engine = this.#newEngine();
    await this.engine.start();
    this.engine.setAssignments({ kind: 'FULL', assignments: [...this.#orders.values()] });
  }

  /** Orders a new generation of an instance, and returns its id. */
  order(application: string, change: Order): string {
    const before = this.#orders.get(application) ?? noAssignment(application);
    const assignment = nextAssignment(before, change, this.#bundle(before, change));
    this.#orders.set(application, assignment);
    this.engine.setAssignments({ kind: 'CHANGES', assignments: [assignment] });
    return assignment.instance;
  }

  /** The assignment that was ordered last. */
  assignment(application: string): Assignment {
    const assignment = this.#orders.get(application);
    if (!assignment) throw new Error(`nothing was ordered for ${application}`);
    return assignment;
  }

  /** Waits until the observation of the newest order fulfils the condition. */
  observed(
    application: string,
    what: string,
    condition: (seen: InstanceObservation) => boolean,
  ): Promise<InstanceObservation> {
    const { instance, generation } = this.assignment(application);
    return until(
      `${application}: ${what}`,
      () => {
        const seen = this.engine.observe(instance);
        if (seen?.generation === generation && condition(seen)) return seen;
        throw new Error(`last seen: ${JSON.stringify(seen)}`);
      },
      SETTLED,
    );
  }

  /** What a restart would know to be open, as an agent has it on its disk. */
  keptDrift(application: string): readonly ReportedDrift[] {
    return this.#open.get(this.assignment(application).instance) ?? [];
  }

  /** Waits until the newest order is carried out. */
  synced(application: string): Promise<InstanceObservation> {
    return this.observed(application, 'is SYNCED', (seen) => seen.sync === 'SYNCED');
  }

  #bundle(before: Assignment, { objects }: Order): string {
    if (!objects) return before.bundle;
    const digest = createHash('sha256').update(canonicalBundle(objects)).digest('hex');
    this.#bundles.set(digest, objects);
    return digest;
  }

  #connect(): HttpKubeClient {
    const { server, caPem, adminToken } = this.#cluster;
    const token = this.#limits.token ?? adminToken;
    const settings = { server, ca: caPem, authorization: async () => `Bearer ${token}` };
    return new HttpKubeClient(settings, systemClock);
  }

  #newEngine(): Engine {
    const note = (message: string, fields?: object): void => {
      this.lines.push(`${message} ${JSON.stringify(fields ?? {})}`);
    };
    const log: Log = { debug: note, info: note, warn: note, error: note };
    const engine = new Engine({
      kube: this.#client,
      bundles: async (digest) =>
        this.#bundles.get(digest) ?? Promise.reject(new Error(`no bundle ${digest}`)),
      clock: systemClock,
      log,
      inventoryNamespace: INVENTORIES,
      ...(this.#limits.namespaces && { namespaces: this.#limits.namespaces }),
      onDriftClosed: (instance, episode) => this.ended.push({ ...episode, instance }),
      // What an agent keeps on its disk.
      restoredDrift: (instance) => this.#open.get(instance) ?? [],
    });
    engine.onChange(({ instance, drift = [] }) => this.#open.set(instance, drift));
    return engine;
  }
}

function nextAssignment(before: Assignment, change: Order, bundle: string): Assignment {
  return {
    ...before,
    namespace: change.namespace ?? before.namespace,
    release: before.release + 1,
    bundle,
    generation: before.generation + 1,
    syncPolicy: { ...before.syncPolicy, ...change.policy },
    ...(change.serviceAccountName && { serviceAccountName: change.serviceAccountName }),
    ...(change.tombstone && { tombstone: change.tombstone }),
  };
}

function noAssignment(application: string): Assignment {
  const instance = randomBytes(16).toString('hex');
  const start = { release: 0, generation: 0, bundle: '' };
  return { ...start, instance, application, environment: 'dev', namespace: 'default', syncPolicy: policy };
}
