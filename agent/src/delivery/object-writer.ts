// Sends one object to the API server, and goes the few detours that a refusal may have.
import type { Assignment } from '@fairlead/protocol/assignment';
import { refOf, type KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { subject } from '@fairlead/protocol/resource-id';
import { FIELD_MANAGER, INSTANCE_LABEL } from '@fairlead/protocol/tracking';
import { pause, type Clock } from '../clock.ts';
import type { Autoscalers } from '../drift/autoscalers.ts';
import { bodyOf, withFieldsOf, type Body, type FieldRule, type LeftOut } from '../drift/left-alone.ts';
import type { FieldSteps } from '../drift/field-path.ts';
import type { LiveCache } from '../drift/live-cache.ts';
import { removalPatch } from '../drift/removal-patch.ts';
import { hasFieldRules, standingRules } from '../drift/standing-rules.ts';
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
  /** The whole live object and the rules about its fields, where the caller has them. */
  readonly seen?: { readonly live: KubernetesObject; readonly rules: readonly FieldRule[] };
}

/** What an apply made of an object. */
export interface Applied {
  /** As the API server keeps it now. */
  readonly object: KubernetesObject;
  /** As it was before; only where the apply had to look. */
  readonly live?: KubernetesObject;
  /** Fields that were left to others. */
  readonly leftOut: readonly LeftOut[];
}

/** What the writer works with. */
export interface WriterTools {
  readonly kube: KubeClient;
  readonly cache: LiveCache;
  readonly autoscalers: Autoscalers;
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

  /** Applies the object, without the fields that are others' business. */
  async apply(desired: DesiredObject, options: WriteOptions): Promise<Applied> {
    const live = options.seen?.live ?? (await this.#look(desired, options));
    const { object: body, leftOut } = await this.#body(desired, options, live);
    const context = { leftOut, ...(live && { live }) };
    try {
      return { ...context, object: await this.#send(body, options) };
    } catch (error) {
      if (!isKubeError(error) || options.dryRun) throw error;
      return { ...context, object: await this.#detour(error, { desired, body, leftOut, options }) };
    }
  }

  /** Takes fields off the object that Git does not have; throws 422 where the object changed meanwhile. */
  async removeFields(
    live: KubernetesObject,
    fields: readonly FieldSteps[],
    assignment: Assignment,
  ): Promise<void> {
    const patch = removalPatch(live, fields);
    await this.#acting(assignment).patch(refOf(live), 'application/json-patch+json', patch);
  }

  #send(body: KubernetesObject, { assignment, force, dryRun }: WriteOptions): Promise<KubernetesObject> {
    return this.#acting(assignment).apply(body, { manager: FIELD_MANAGER, force, dryRun: dryRun ?? false });
  }

  #acting(assignment: Assignment): KubeClient {
    return actingFor(this.#tools.kube, assignment);
  }

  /** The live object, where a rule may speak of its fields. */
  async #look(desired: DesiredObject, { assignment }: WriteOptions): Promise<KubernetesObject | undefined> {
    const isHeld = this.#tools.cache.get(desired.id)?.held ?? false;
    const mustLook = isHeld || hasFieldRules(desired.ref, assignment, this.#tools.clock.now());
    return mustLook ? this.#tools.kube.get(desired.ref) : undefined;
  }

  async #body(
    { ref, object }: DesiredObject,
    { seen, assignment }: WriteOptions,
    live: KubernetesObject | undefined,
  ): Promise<Body> {
    if (!live) return { object, leftOut: [] };
    if (seen) return bodyOf(object, live, seen.rules);
    const { autoscalers, clock } = this.#tools;
    const hasAutoscaler = await autoscalers.has(ref, live);
    const circumstances = { nowMs: clock.now(), open: [], hasAutoscaler };
    return bodyOf(object, live, standingRules(ref, assignment, live, circumstances));
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
  async #takeOver(refusal: KubeError, { desired, leftOut, options }: Attempt): Promise<KubernetesObject> {
    const live = await this.#tools.kube.get(desired.ref);
    if (!live || !isOurs(live, options)) throw refusal;
    const plan = planTakeOver(live);
    if (!plan) throw refusal;
    await this.#acting(options.assignment).patch(desired.ref, 'application/json-patch+json', plan.patch);
    const { application, environment, release } = options.assignment;
    const object = subject(desired.ref);
    const fields = { application, environment, release, object, from: plan.from.join(', ') };
    this.#tools.log.warn('took over fields that kept an object from being healed', fields);
    // Theirs are ours now, those that are left alone too: what its owner stops sending would be removed.
    const whole = withFieldsOf(
      live,
      desired.object,
      leftOut.map(({ steps }) => steps),
    );
    return this.#send(whole, { ...options, force: true });
  }
}

interface Attempt {
  readonly desired: DesiredObject;
  readonly body: KubernetesObject;
  readonly leftOut: readonly LeftOut[];
  readonly options: WriteOptions;
}

function isOurs(live: KubernetesObject, { assignment }: WriteOptions): boolean {
  return live.metadata.labels?.[INSTANCE_LABEL] === assignment.instance;
}
