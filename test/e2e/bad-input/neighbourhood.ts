// One real cluster with an agent, and as many applications in it as there are cases, each with a folder of the repository
// and a namespace of its own name. Everything is asked through the public API.
import { startAgentWorld, type AgentWorld } from '../../support/agent-world.ts';
import type { ControlPlane } from '../../support/control-plane.ts';
import type { Files } from '../../support/git-repository.ts';
import type { TestHub } from '../../support/hub.ts';
import { kubeconfigOf } from '../../support/kubeconfig.ts';
import { until } from '../../support/until.ts';

const TIMEOUT_MS = 60_000;

/** An object as the API names it. */
export interface ObjectName {
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
}

/** What the hub tells of an instance. */
export interface InstanceView {
  readonly id: string;
  readonly sync: string;
  readonly health: string;
  readonly message: string | null;
  readonly generation: number;
  readonly observedRelease: { readonly number: number } | null;
  readonly pendingPrune: { readonly nodes: readonly ObjectName[] };
  readonly waitingOn: readonly { readonly kind: string; readonly message: string }[];
  readonly promotion: { readonly state: string } | null;
}

/** What a refresh of the source came to. */
export interface SourceView {
  readonly sourceError: { readonly code: string; readonly message: string } | null;
  readonly latestRelease: { readonly number: number } | null;
}

/** An expected no. */
export interface RefusalView {
  readonly code: string;
  readonly message: string;
  readonly reasons: readonly string[];
}

/** See the top of the file. The environment, the policy and the cluster have the world's name. */
export class Neighbourhood {
  readonly world: AgentWorld;
  readonly #hub: TestHub;
  readonly #plane: ControlPlane;

  constructor(hub: TestHub, plane: ControlPlane, world: AgentWorld) {
    this.#hub = hub;
    this.#plane = plane;
    this.world = world;
  }

  /** Enrols the cluster under a name; `token` is what its agent may do there, everything where left out. */
  static async enrol(
    hub: TestHub,
    plane: ControlPlane,
    name: string,
    token?: string,
  ): Promise<Neighbourhood> {
    const { server, caPem, adminToken } = plane;
    const world = await startAgentWorld(hub, hub.url, name, {
      cluster: {
        server,
        kubeconfig: JSON.parse(kubeconfigOf(name, { server, caPem, token: token ?? adminToken })) as object,
        ask: async (method, path, body) => {
          const answer = await plane.api(method, path, body);
          return answer.status === 404 ? undefined : answer.body;
        },
        // The control plane is the suite's, which ends it after the last world on it.
        stop: () => Promise.resolve(),
      },
    });
    return new Neighbourhood(hub, plane, world);
  }

  /** Saves an application; one that is there already is replaced. */
  async save(name: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const source = { repository: this.world.repository.url, ref: 'main', path: name };
    const input = { name, policy: this.world.name, namespace: name, source, ...more };
    const { saveApplication } = await this.#hub.graphql<{ saveApplication: { refusal: RefusalView | null } }>(
      `mutation ($input: ApplicationInput!) {
         saveApplication(input: $input) { refusal { code message reasons } } }`,
      { input },
    );
    if (saveApplication.refusal) throw new Error(JSON.stringify(saveApplication.refusal));
  }

  /** Commits files of the application's folder. */
  commit(name: string, files: Files): void {
    const placed = Object.entries(files).map(([file, content]) => [`${name}/${file}`, content] as const);
    this.world.repository.commit(Object.fromEntries(placed));
  }

  /** Asks the hub to look at the repository now. */
  async refresh(name: string): Promise<SourceView> {
    const { refreshApplication } = await this.#hub.graphql<{
      refreshApplication: { application: SourceView };
    }>(
      `mutation ($name: String!) { refreshApplication(name: $name) {
         application { sourceError { code message } latestRelease { number } } } }`,
      { name },
    );
    return refreshApplication.application;
  }

  /** Commits, saves where new, and refreshes; throws where that makes no release. The release's number. */
  async release(name: string, files: Files): Promise<number> {
    this.commit(name, files);
    const { application } = await this.#hub.graphql<{ application: object | null }>(
      'query ($name: String!) { application(name: $name) { name } }',
      { name },
    );
    if (!application) await this.save(name);
    const { sourceError, latestRelease } = await this.refresh(name);
    if (sourceError || !latestRelease) throw new Error(`no release: ${JSON.stringify(sourceError)}`);
    return latestRelease.number;
  }

  async instance(name: string): Promise<InstanceView> {
    const { instances } = await this.#hub.graphql<{ instances: { nodes: InstanceView[] } }>(
      `query ($name: String!) { instances(filter: { application: $name }) { nodes {
         id sync health message generation observedRelease { number } waitingOn { kind message }
         pendingPrune { nodes { kind namespace name } } promotion { state } } } }`,
      { name },
    );
    const [instance] = instances.nodes;
    if (!instance) throw new Error(`${name} has no instance`);
    return instance;
  }

  /** Waits until the instance is as `condition` says, and gives it. */
  becomes(name: string, what: string, condition: (now: InstanceView) => boolean): Promise<InstanceView> {
    return until(
      `${name} ${what}`,
      async () => {
        const now = await this.instance(name);
        if (condition(now)) return now;
        throw new Error(JSON.stringify(now));
      },
      { timeoutMs: TIMEOUT_MS },
    );
  }

  /** Waits until the instance runs that release and is well. */
  runs(name: string, release: number): Promise<InstanceView> {
    return this.becomes(
      name,
      `runs release ${release}`,
      ({ sync, health, observedRelease, promotion }) =>
        sync === 'SYNCED' &&
        health === 'HEALTHY' &&
        observedRelease?.number === release &&
        promotion?.state === 'SUCCEEDED',
    );
  }

  /** Waits until the agent was refused something of the release that is assigned now. */
  fails(name: string): Promise<InstanceView> {
    return this.becomes(name, 'is FAILED', ({ sync }) => sync === 'FAILED');
  }

  approvePrune(instance: InstanceView, generation: number): Promise<RefusalView | null> {
    return this.refusalOf(
      `mutation ($id: ID!, $generation: Int!) {
         result: approvePrune(instance: $id, generation: $generation, reason: "looked at it") {
           refusal { code message reasons } } }`,
      { id: instance.id, generation },
    );
  }

  /** The refusal of a mutation whose payload is called `result`. */
  async refusalOf(
    mutation: string,
    variables: Readonly<Record<string, unknown>>,
  ): Promise<RefusalView | null> {
    const { result } = await this.#hub.graphql<{ result: { refusal: RefusalView | null } }>(
      mutation,
      variables,
    );
    return result.refusal;
  }

  /** What a ConfigMap in the cluster says; undefined where there is none. */
  async text(namespace: string, name: string): Promise<string | undefined> {
    const { status, body } = await this.#plane.api(
      'GET',
      `/api/v1/namespaces/${namespace}/configmaps/${name}`,
    );
    return status === 200 ? (body['data'] as { readonly text?: string }).text : undefined;
  }
}
