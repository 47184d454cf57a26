// One text per slot, for maps and loaders.

/** `applicationId/environmentId`. */
export function slotId(key: { readonly applicationId: bigint; readonly environmentId: bigint }): string {
  return `${key.applicationId}/${key.environmentId}`;
}
