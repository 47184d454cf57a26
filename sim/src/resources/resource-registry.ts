// Which kinds this cluster serves now: the built-in ones, and those of its CustomResourceDefinitions.
import { BUILTIN_RESOURCES } from './builtin-resources.ts';
import type { ResourceType } from './resource-type.ts';
import { apiVersionOf } from './resource-type.ts';

const addressOf = (apiVersion: string, plural: string): string => `${apiVersion}/${plural}`;

export class ResourceRegistry {
  readonly #byAddress = new Map<string, ResourceType>();

  constructor() {
    for (const type of BUILTIN_RESOURCES)
      this.#byAddress.set(addressOf(apiVersionOf(type), type.plural), type);
  }

  get all(): readonly ResourceType[] {
    return [...this.#byAddress.values()];
  }

  find(apiVersion: string, plural: string): ResourceType | undefined {
    return this.#byAddress.get(addressOf(apiVersion, plural));
  }

  findKind(apiVersion: string, kind: string): ResourceType | undefined {
    return this.all.find((type) => type.kind === kind && apiVersionOf(type) === apiVersion);
  }

  /** A built-in kind, which is always there. */
  builtin(kind: string): ResourceType {
    const type = BUILTIN_RESOURCES.find((candidate) => candidate.kind === kind);
    if (!type) throw new Error(`no built-in kind ${kind}: name one of builtin-resources.ts`);
    return type;
  }

  /** Serves a custom kind; another version of the kind, or the same one anew, may be added at any time. */
  add(type: ResourceType): void {
    this.#byAddress.set(addressOf(apiVersionOf(type), type.plural), type);
  }

  /** Stops serving a custom kind in all its versions. */
  remove(group: string, plural: string): void {
    for (const [address, type] of this.#byAddress) {
      if (type.custom && type.group === group && type.plural === plural) this.#byAddress.delete(address);
    }
  }
}
