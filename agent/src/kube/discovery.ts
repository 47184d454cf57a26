// Which kinds the API server serves, asked once per group version and again when something is missing.
import { groupOf } from '@fairlead/protocol/resource-id';
import type { Clock } from '../clock.ts';
import { isKubeError, type KubeError } from './kube-error.ts';
import type { ApiResource, ServedKinds } from './kube-client.ts';
import type { KubeRequest } from './kube-transport.ts';
import { groupVersionPath } from './resource-path.ts';
import { isTransient } from './retry.ts';

const REFRESH_UNKNOWN_MS = 2_000;

interface ResourceList {
  readonly resources?: readonly {
    name: string;
    kind: string;
    namespaced: boolean;
    verbs: readonly string[];
  }[];
}

interface GroupList {
  readonly groups?: readonly { readonly preferredVersion: { readonly groupVersion: string } }[];
}

interface KnownGroupVersion {
  readonly resources: Promise<readonly ApiResource[]>;
  readonly askedAt: number;
}

/** Caches discovery. A kind that is not known is looked up again at most every two seconds. */
export class Discovery {
  readonly #fetch: <T>(request: KubeRequest) => Promise<T>;
  readonly #clock: Clock;
  readonly #known = new Map<string, KnownGroupVersion>();

  constructor(fetch: <T>(request: KubeRequest) => Promise<T>, clock: Clock) {
    this.#fetch = fetch;
    this.#clock = clock;
  }

  async resolve(apiVersion: string, kind: string): Promise<ApiResource | undefined> {
    const known = this.#known.get(apiVersion);
    const found = known && (await known.resources).find((resource) => resource.kind === kind);
    if (found) return found;
    if (known && this.#clock.now() - known.askedAt < REFRESH_UNKNOWN_MS) return undefined;
    const resources = await this.#ask(apiVersion);
    return resources.find((resource) => resource.kind === kind);
  }

  /** All kinds in the preferred version of their group, asked anew; throws `KubeError` when the API server does not answer. */
  async all(): Promise<ServedKinds> {
    const path = '/apis';
    const subject = { verb: 'get', resource: path };
    const { groups = [] } = await this.#fetch<GroupList>({ method: 'GET', path, subject });
    const versions = ['v1', ...groups.map(({ preferredVersion }) => preferredVersion.groupVersion)];
    const unanswered = new Map<string, KubeError>();
    const ask = async (apiVersion: string): Promise<readonly ApiResource[]> => {
      try {
        return await this.#ask(apiVersion);
      } catch (error) {
        if (!isGroupAway(error, apiVersion)) throw error;
        unanswered.set(groupOf(apiVersion), error);
        return [];
      }
    };
    return { kinds: (await Promise.all(versions.map(ask))).flat(), unanswered };
  }

  forget(apiVersion: string): void {
    this.#known.delete(apiVersion);
  }

  #ask(apiVersion: string): Promise<readonly ApiResource[]> {
    const resources = this.#load(apiVersion);
    this.#known.set(apiVersion, { resources, askedAt: this.#clock.now() });
    resources.catch(() => this.#known.delete(apiVersion));
    return resources;
  }

  async #load(apiVersion: string): Promise<readonly ApiResource[]> {
    const path = groupVersionPath(apiVersion);
    const subject = { verb: 'get', resource: path };
    try {
      const list = await this.#fetch<ResourceList>({ method: 'GET', path, subject });
      return (list.resources ?? [])
        .filter((resource) => !resource.name.includes('/'))
        .map(({ name, kind, namespaced, verbs }) => ({ apiVersion, kind, plural: name, namespaced, verbs }));
    } catch (error) {
      if (isKubeError(error, 404)) return [];
      throw error;
    }
  }
}

/** One group may be served elsewhere, and be away alone. The API server's own core is it itself. */
export function isGroupAway(error: unknown, apiVersion: string): error is KubeError {
  return isKubeError(error) && isTransient(error) && groupOf(apiVersion) !== '';
}
