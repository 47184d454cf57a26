// Keeps inventories in Secrets of the agent's namespace, so that a restart knows what was applied.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { ObjectRef } from '@fairlead/protocol/resource-id';
import { resourceId } from '@fairlead/protocol/resource-id';
import type { KubeClient } from '../kube/kube-client.ts';
import { isKubeError } from '../kube/kube-error.ts';
import { InventoryChunks } from './inventory-chunks.ts';
import { decodeEntries, inventoryOf, type Inventory, type InventoryEntry } from './inventory.ts';

/** Label of the Secrets that hold inventories; its value is the instance. */
export const INVENTORY_LABEL = 'fairlead.dev/inventory';

const APPLICATION = 'fairlead.dev/application';
const ENVIRONMENT = 'fairlead.dev/environment';
const CHUNK = 'fairlead.dev/chunk';
const KEY = 'objects';

/** Whose inventory it is, in words for a person. */
export interface InstanceName {
  readonly application: string;
  readonly environment: string;
}

/** What was found of one instance at the start. */
export interface StoredInventory extends InstanceName {
  readonly instance: string;
  readonly inventory: Inventory;
}

/** Reads and writes inventories. Only chunks that changed are written. */
export class InventoryStore {
  readonly #kube: KubeClient;
  readonly #namespace: string;
  readonly #chunks = new Map<string, InventoryChunks>();

  constructor(kube: KubeClient, namespace: string) {
    this.#kube = kube;
    this.#namespace = namespace;
  }

  /** All inventories in the cluster; throws `KubeError` when they cannot be read, and nothing may be applied then. */
  async loadAll(): Promise<readonly StoredInventory[]> {
    const resource = await this.#kube.resolve('v1', 'Secret');
    if (!resource) throw new Error('the API server serves no Secrets, so no inventory can be kept');
    const scope = { namespace: this.#namespace, labelSelector: INVENTORY_LABEL };
    const secrets = (await this.#kube.list(resource, scope)).items;
    const byInstance = Map.groupBy(secrets, (secret) => secret.metadata.labels?.[INVENTORY_LABEL] ?? '');
    return [...byInstance].map(([instance, of]) => this.#restore(instance, of));
  }

  /** Makes the stored inventory equal to this one; an empty one leaves nothing behind. */
  async save(instance: string, name: InstanceName, inventory: Inventory): Promise<void> {
    const chunks = this.#chunksOf(instance);
    for (const [chunk, text] of chunks.changes(inventory)) {
      if (text === '') await this.#delete(instance, chunk);
      else await this.#write(this.#secret(instance, name, chunk, text), chunks.isStored(chunk));
      chunks.wrote(chunk, text);
    }
  }

  #restore(instance: string, secrets: readonly KubernetesObject[]): StoredInventory {
    const chunks = this.#chunksOf(instance);
    const entries = secrets.flatMap((secret) => {
      const { chunk, text } = contentOf(secret);
      const held = this.#entriesOf(secret, text);
      const ids = held.map((entry) => resourceId(entry.ref));
      chunks.load(chunk, text, ids);
      return held;
    });
    return { instance, ...nameOf(secrets[0]), inventory: inventoryOf(entries) };
  }

  #entriesOf({ metadata: { name } }: KubernetesObject, text: string): InventoryEntry[] {
    try {
      return decodeEntries(text);
    } catch (error) {
      const advice =
        'it was changed by somebody else; restore it, or delete it, which leaves alone what it named';
      throw new Error(`the inventory in Secret ${this.#namespace}/${name} cannot be read: ${advice}`, {
        cause: error,
      });
    }
  }

  #chunksOf(instance: string): InventoryChunks {
    const chunks = this.#chunks.get(instance) ?? new InventoryChunks();
    this.#chunks.set(instance, chunks);
    return chunks;
  }

  async #write(secret: KubernetesObject, stored: boolean): Promise<void> {
    try {
      await (stored ? this.#kube.replace(secret) : this.#kube.create(secret));
    } catch (error) {
      // Someone deleted it, or it is there from an answer that got lost: the other verb is right then.
      if (!isKubeError(error, 404, 409)) throw error;
      await (stored ? this.#kube.create(secret) : this.#kube.replace(secret));
    }
  }

  async #delete(instance: string, chunk: number): Promise<void> {
    try {
      await this.#kube.remove(this.#ref(instance, chunk), {});
    } catch (error) {
      if (!isKubeError(error, 404)) throw error;
    }
  }

  #ref(instance: string, chunk: number): ObjectRef {
    const name = `fairlead-inventory-${instance}-${chunk}`;
    return { apiVersion: 'v1', kind: 'Secret', namespace: this.#namespace, name };
  }

  #secret(instance: string, name: InstanceName, chunk: number, text: string): KubernetesObject {
    const ref = this.#ref(instance, chunk);
    return {
      apiVersion: ref.apiVersion,
      kind: ref.kind,
      metadata: {
        name: ref.name,
        namespace: this.#namespace,
        labels: { [INVENTORY_LABEL]: instance },
        annotations: {
          [APPLICATION]: name.application,
          [ENVIRONMENT]: name.environment,
          [CHUNK]: String(chunk),
        },
      },
      type: 'fairlead.dev/inventory',
      data: { [KEY]: Buffer.from(text).toString('base64') },
    };
  }
}

function contentOf(secret: KubernetesObject): { chunk: number; text: string } {
  const data = secret['data'] as Record<string, string> | undefined;
  const text = Buffer.from(data?.[KEY] ?? '', 'base64').toString('utf8');
  return { chunk: Number(secret.metadata.annotations?.[CHUNK] ?? 0), text };
}

function nameOf(secret: KubernetesObject | undefined): InstanceName {
  const annotations = secret?.metadata.annotations ?? {};
  return { application: annotations[APPLICATION] ?? '', environment: annotations[ENVIRONMENT] ?? '' };
}
