// Sends one object to the API server, and goes the few detours that a refusal may have.
import type { Assignment } from '@fairlead/protocol/assignment';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { subject } from '@fairlead/protocol/resource-id';
import { FIELD_MANAGER, INSTANCE_LABEL } from '@fairlead/protocol/tracking';
import { pause, type Clock } from '../clock.ts';
import { rulesFor, without, withoutIgnored } from '../drift/ignore-rules.ts';
import type { LiveCache } from '../drift/live-cache.ts';
import { planTakeOver } from '../drift/take-over.ts';
import { actingFor } from '../kube/acting-for.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import { isKubeError, type KubeError } from '../kube/kube-error.ts';
import type { Log } from '../log.ts';
import type { DesiredObject } from './desired-object.ts';
import { Namespaces } from './namespaces.ts';
import { isImmutable, isNamespaceMissing } from './problem.ts';

const GONE_TIMEOUT_MS = 30_000;
const GONE_POLL_MS = 200;

/** How one object is sent. */
export interface WriteOptions {
  readonly assignment: Assignment;
  readonly force: boolean;
  readonly dryRun?: boolean;
  /** The whole live object, where the caller has it. */
  readonly live?: KubernetesObject;
}

/** What the writer works with. */
export interface WriterTools {
  readonly kube: KubeClient;
  readonly cache: LiveCache;
  readonly clock: Clock;
  readonly log: Log;
}

/** Server-side apply as field manager `fairlead`. Throws `KubeError` for what no detour mends. */
export class ObjectWriter {
  readonly #tools: WriterTools;
  readonly #namespaces: Namespaces;

  constructor(tools: WriterTools) {
    this.#tools = tools;
    this.#namespaces = new Namespaces(tools.kube);
  }

  /** The object as the API server keeps it afterwards. */
  async apply(desired: DesiredObject, options: WriteOptions): Promise<KubernetesObject> {
    const body = await this.#body(desired, options);
    try {
      return await this.#send(body, options);
    } catch (error) {
      if (!isKubeError(error) || options.dryRun) throw error;
      return this.#detour(error, { desired, body, options });
    }
  }

  #send(body: KubernetesObject, { assignment, force, dryRun }: WriteOptions): Promise<KubernetesObject> {
    return this.#acting(assignment).apply(body, { manager: FIELD_MANAGER, force, dryRun: dryRun ?? false });
  }

  #acting(assignment: Assignment): KubeClient {
    return actingFor(this.#tools.kube, assignment);
  }

  /** The object without fields that are others' business. */
  async #body(desired: DesiredObject, { assignment, live }: WriteOptions): Promise<KubernetesObject> {
    const rules = rulesFor(desired.ref, assignment.syncPolicy.ignore).filter(
      (rule) => rule.path !== undefined,
    );
    if (live) return withoutIgnored(desired.object, live, rules);
    const known = this.#tools.cache.get(desired.id);
    if (rules.length > 0)
      return withoutIgnored(desired.object, await this.#tools.kube.get(desired.ref), rules);
    return known?.autoscaled ? without(desired.object, ['spec.replicas']) : desired.object;
  }

  #detour(error: KubeError, attempt: Attempt): Promise<KubernetesObject> {
    const { desired, options } = attempt;
    if (isNamespaceMissing(error) && desired.ref.namespace === options.assignment.namespace) {
      return this.#inNewNamespace(attempt);
    }
    if (isImmutable(error) && desired.mayRecreate) return this.#recreate(error, attempt);
    if (error.code === 422 && !isImmutable(error)) return this.#takeOver(error, attempt);
    throw error;
  }

  async #inNewNamespace({ body, options }: Attempt): Promise<KubernetesObject> {
    await this.#namespaces.ensure(options.assignment);
    return this.#send(body, options);
  }

  /** Deletes the object, if it is ours, waits until it is gone, and creates it with its new content. */
  async #recreate(refusal: KubeError, { desired, options }: Attempt): Promise<KubernetesObject> {
    const live = await this.#tools.kube.get(desired.ref);
    if (!live || !isOurs(live, options)) throw refusal;
    const { uid } = live.metadata;
    await this.#acting(options.assignment).remove(desired.ref, uid === undefined ? {} : { uid });
    const deadlineMs = this.#tools.clock.now() + GONE_TIMEOUT_MS;
    while ((await this.#tools.kube.get(desired.ref))?.metadata.uid === uid) {
      if (this.#tools.clock.now() > deadlineMs) throw refusal;
      await pause(this.#tools.clock, GONE_POLL_MS);
    }
    return this.#send(desired.object, options);
  }

  /** What people added may make our fields invalid: their fields become ours, and the apply takes them away. */
  async #takeOver(refusal: KubeError, { desired, options }: Attempt): Promise<KubernetesObject> {
    const live = await this.#tools.kube.get(desired.ref);
    const plan = live && isOurs(live, options) ? planTakeOver(live) : undefined;
    if (!plan) throw refusal;
    const { application, environment, release } = options.assignment;
    const fields = {
      application,
      environment,
      release,
      object: subject(desired.ref),
      from: plan.from.join(', '),
    };
    this.#tools.log.warn('taking over fields that keep an object from being healed', fields);
    await this.#acting(options.assignment).patch(desired.ref, 'application/json-patch+json', plan.patch);
    return this.#send(desired.object, { ...options, force: true });
  }
}

interface Attempt {
  readonly desired: DesiredObject;
  readonly body: KubernetesObject;
  readonly options: WriteOptions;
}

function isOurs(live: KubernetesObject, { assignment }: WriteOptions): boolean {
  return live.metadata.labels?.[INSTANCE_LABEL] === assignment.instance;
}
