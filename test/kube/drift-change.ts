// One kind of change that people or programs make to what Git declares, and how a test makes it.
import type { ReportedDrift } from '@fairlead/protocol/drift';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { RawApi } from '../support/raw-api.ts';

const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';
/** Content types of patches. */
export const STRATEGIC = 'application/strategic-merge-patch+json';
export const APPLY = 'application/apply-patch+yaml';

/** What a test looks at of a difference; `time`: whether the API server tells when. */
export interface ExpectedItem extends Partial<Omit<ReportedDrift, 'episode' | 'changedAt'>> {
  readonly type: ReportedDrift['type'];
  readonly managerClass: ReportedDrift['managerClass'];
  readonly time: boolean;
}

/** One kind of change to one object. `path` is that of the object in the API. */
export interface DriftChange {
  readonly name: string;
  readonly object: KubernetesObject;
  readonly make: (api: RawApi, path: string) => Promise<unknown>;
  readonly items: readonly ExpectedItem[];
}

/** An item of which the manager is known; a person's Update unless told. */
export const by = (manager: string, more: Partial<ExpectedItem> = {}) => ({
  manager,
  managerClass: 'PERSON' as const,
  operation: 'Update',
  masked: false,
  time: true,
  ...more,
});
/** Nobody's name stays on a field that is gone. */
export const unknown = { managerClass: 'UNKNOWN' as const, masked: false, time: false };
/** The container of `web`, as a path and as a pointer. */
export const CONTAINER = 'spec.template.spec.containers[name=web]';
export const CONTAINER_POINTER = '/spec/template/spec/containers/0';

/** Patches the object in a manager's name; throws where the API server refuses. */
export const patch =
  (manager: string, body: unknown, type = MERGE): DriftChange['make'] =>
  async (api, path) => {
    const query = `fieldManager=${manager}${type === APPLY ? '&force=true' : ''}`;
    const { status, body: answer } = await api('PATCH', `${path}?${query}`, body, type);
    if (status >= 300) throw new Error(`${manager} at ${path}: ${status} ${JSON.stringify(answer)}`);
  };
/** The same by a JSON patch. */
export const jsonPatch = (manager: string, ...operations: readonly object[]) =>
  patch(manager, operations, JSON_PATCH);
/** A patch of the container of `web`. */
export const container = (fields: object) => ({
  spec: { template: { spec: { containers: [{ name: 'web', ...fields }] } } },
});
