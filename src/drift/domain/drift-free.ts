// Whether a slot is free of drift, and what to say where it is not: for the gate driftFree of promotions.

/** What is open in one slot; what a person accepted does not count. */
export interface SlotDrift {
  /** Open items that nobody accepted. */
  readonly items: number;
  /** Instances that have such items, or whose agents only count and do not list. */
  readonly instances: number;
  /** Of the items, those on clusters that are not ONLINE: their last word. */
  readonly staleItems: number;
  readonly oldestAt: Date | null;
  /** The oldest of them, in words, with its cluster and manager. */
  readonly example: { readonly text: string; readonly cluster: string; readonly manager: string } | null;
}

/** The answer to the gate. */
export interface DriftFreedom {
  readonly isFree: boolean;
  /** One sentence for a person, also where it is free. */
  readonly message: string;
  /** Since when it is not; null where it is. */
  readonly since: Date | null;
}

/** A slot without any instance with drift is free; clusters that are away count with their last word. */
export function driftFreedom({ items, instances, staleItems, oldestAt, example }: SlotDrift): DriftFreedom {
  if (instances === 0) return { isFree: true, message: 'No open drift.', since: null };
  const differences = items === 1 ? '1 open difference' : `${items} open differences`;
  const where = instances === 1 ? '1 instance' : `${instances} instances`;
  const first = example
    ? `, the oldest ${example.text} on ${example.cluster} by ${example.manager || 'somebody unknown'}`
    : '';
  const away = staleItems > 0 ? `; ${staleItems} of them on clusters that are not online` : '';
  const what = items === 0 ? 'Drift' : differences;
  return { isFree: false, message: `${what} on ${where}${first}${away}.`, since: oldestAt };
}
