// Takes stock of an instance that is to be removed and has no inventory: without one nothing is known to be gone.
import type { Assignment } from '@fairlead/protocol/assignment';
import { groupOf, resourceId, subject } from '@fairlead/protocol/resource-id';
import type { KubeError } from '../kube/kube-error.ts';
import type { Log } from '../log.ts';
import type { BundleSource } from './bundle-source.ts';
import type { InstanceState } from './instance-state.ts';
import type { LostAndFound, LostObjects } from './lost-objects.ts';
import type { Problem } from './problem.ts';

const EXAMPLES = 5;

/** What it works with. */
export interface RecallTools {
  readonly lost: LostObjects;
  readonly bundles: BundleSource;
  readonly log: Log;
}

/** One per engine. */
export class Recall {
  readonly #tools: RecallTools;

  constructor(tools: RecallTools) {
    this.#tools = tools;
  }

  /**
   * Puts into the inventory what the instance is found to have applied. Answers with why that may not be all: an API
   * group that the instance uses does not answer.
   */
  async takeStock(state: InstanceState, assignment: Assignment): Promise<Problem | undefined> {
    const found = await this.#tools.lost.find(assignment.instance);
    for (const entry of found.ours) state.inventory.set(resourceId(entry.ref), entry);
    this.#tell(found, assignment);
    return this.#doubt(found.unanswered, assignment);
  }

  #tell({ ours, strangers }: LostAndFound, { application, environment, release }: Assignment): void {
    const fields = { application, environment, release };
    if (ours.length > 0) {
      const message = 'an instance has no inventory: what it is found to have applied is removed';
      this.#tools.log.warn(message, { ...fields, objects: ours.length });
    }
    if (strangers.length === 0) return;
    const examples = strangers.slice(0, EXAMPLES).map(subject).join(', ');
    const message = 'objects carry an instance’s label that it did not apply: they are left alone';
    this.#tools.log.warn(message, { ...fields, objects: strangers.length, examples });
  }

  /** A group that is away for good must not hold up the end of an instance that never had anything of it. */
  async #doubt(
    unanswered: ReadonlyMap<string, KubeError>,
    { bundle }: Assignment,
  ): Promise<Problem | undefined> {
    if (unanswered.size === 0) return undefined;
    const used = await this.#groupsOf(bundle);
    const [first] = [...unanswered].filter(([group]) => used === undefined || used.has(group));
    if (!first) return undefined;
    const [group, { message: reason }] = first;
    const message = `the API group ${group} does not answer (${reason}), and there is no inventory: whether something is left there is not known yet; remove its APIService where it is gone for good`;
    return { code: 'UNREACHABLE', sync: 'SYNCING', message };
  }

  /** `undefined` where the bundle cannot be had: it may be any. */
  async #groupsOf(bundle: string): Promise<ReadonlySet<string> | undefined> {
    try {
      const objects = await this.#tools.bundles(bundle);
      return new Set(objects.map(({ apiVersion }) => groupOf(apiVersion)));
    } catch {
      return undefined;
    }
  }
}
