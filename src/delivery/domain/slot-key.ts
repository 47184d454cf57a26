// One application in one environment: what assignments, notices and roll-ups speak of.

/** Names a slot by its ids. */
export interface SlotKey {
  readonly applicationId: bigint;
  readonly environmentId: bigint;
}

/** As notices carry it: ids as texts, each slot once. */
export function distinctSlots(slots: readonly SlotKey[]): (readonly [string, string])[] {
  const byKey = new Map(
    slots.map(({ applicationId, environmentId }) => [
      `${applicationId}/${environmentId}`,
      [String(applicationId), String(environmentId)] as const,
    ]),
  );
  return [...byKey.values()];
}
