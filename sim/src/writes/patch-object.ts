// Patches other than apply: the stored object, changed as the patch says, goes the way of a replacement.
import type { ClusterState, WriteOptions } from '../cluster-state.ts';
import { getObject } from '../cluster-state.ts';
import type { Json } from '../json-value.ts';
import { isObject } from '../json-value.ts';
import type { Draft, KubeObject } from '../kube-object.ts';
import { isDraft } from '../kube-object.ts';
import { jsonPatch } from '../patch/json-patch.ts';
import { mergePatch } from '../patch/merge-patch.ts';
import { strategicMergePatch } from '../patch/strategic-merge-patch.ts';
import { badRequest, unsupportedBody } from '../status-error.ts';
import type { ObjectWrite } from './write-object.ts';
import { replaceObject } from './write-object.ts';

export interface Patch {
  /** Media type without parameters. */
  readonly mediaType: string;
  readonly content: Json;
}

/** The patched copy of any document; throws 415 for a media type that is no patch. */
export function patched(document: Json, { mediaType, content }: Patch): Json {
  switch (mediaType) {
    case 'application/json-patch+json':
      return jsonPatch(document, content);
    case 'application/merge-patch+json':
      return mergePatch(document, content);
    case 'application/strategic-merge-patch+json':
      if (!isObject(content)) throw badRequest('error decoding patch: a strategic merge patch is an object');
      return strategicMergePatch(document, content);
    default:
      throw unsupportedBody();
  }
}

/** Throws what `replaceObject` throws, and 422 when an operation of a JSON patch fails. */
export function patchObject(
  state: ClusterState,
  { type, at }: Omit<ObjectWrite, 'body'>,
  patch: Patch,
  options: WriteOptions,
): KubeObject {
  if (type.custom && patch.mediaType === 'application/strategic-merge-patch+json') throw unsupportedBody();
  const body = asDraft(patched(getObject(state, type, at), patch));
  return replaceObject(state, { type, at, body }, options);
}

function asDraft(value: Json): Draft {
  if (isDraft(value)) return value;
  throw badRequest('the patched object has no apiVersion, kind or metadata');
}
