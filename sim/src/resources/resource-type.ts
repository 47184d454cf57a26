// A kind that the server serves: how it is addressed, what it is called, and which subresources it has.
import type { FieldsShape } from '../apply/shape.ts';

export type Subresource = 'status' | 'scale';

export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  readonly subresources: readonly Subresource[];
  readonly shape: FieldsShape;
  /** True for kinds that a CustomResourceDefinition brought. */
  readonly custom: boolean;
}

/** `apps/v1`, or `v1` for the group without a name. */
export const apiVersionOf = (type: { group: string; version: string }): string =>
  type.group === '' ? type.version : `${type.group}/${type.version}`;

/** The key of a kind in storage: its versions share their objects. */
export const storageKeyOf = (type: { group: string; plural: string }): string =>
  `${type.group}/${type.plural}`;

export const hasSubresource = (type: ResourceType, name: Subresource): boolean =>
  type.subresources.includes(name);
