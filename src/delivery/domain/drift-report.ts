// Drift as it came in a report: times put right, texts made fit to store. Pure.
import type { DriftType, EpisodeEnd, ManagerClass, ReportedDrift } from '@fairlead/protocol/drift';

/** One open difference. Texts are empty, not absent, where there is nothing to say: they are keys of indexes. */
export interface OpenDrift {
  /** The agent's own id of it. */
  readonly episode: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Empty: the whole object. */
  readonly path: string;
  readonly type: DriftType;
  /** JSON text; null where it is masked or absent. */
  readonly desired: string | null;
  readonly live: string | null;
  readonly masked: boolean;
  /** Empty: unknown. */
  readonly manager: string;
  readonly managerClass: ManagerClass;
  readonly operation: string;
  readonly subresource: string;
  readonly changedAt: Date | null;
  readonly firstSeenAt: Date;
  readonly healedCount: number;
  readonly contested: boolean;
  /** The API id of the exception that the agent says accepts it. */
  readonly excepted: string | null;
}

/** One that ended before the report was sent. */
export interface ClosedDrift extends OpenDrift {
  readonly closedAt: Date;
  readonly closedBy: EpisodeEnd;
}

/** What one entry of a report says of drift. */
export interface DriftEntry {
  readonly open: readonly OpenDrift[];
  readonly closed: readonly ClosedDrift[];
  /** One that is not listed may still be open. */
  readonly truncated: boolean;
}

/** A clock that is off by less than this is right: the message itself takes a while. */
const TOLERATED_SKEW_MS = 2_000;
const MAX_VALUE = 8_000;
const MAX_WORD = 500;

/**
 * What is to be added to an agent's times to get the hub's, in milliseconds: 0 where its clock is right, or where it
 * did not say when it sent the report. Whole seconds, so that one time told twice stays one time.
 */
export function clockShiftMs(sentAt: Date | undefined, receivedAt: Date): number {
  if (!sentAt) return 0;
  const differenceMs = receivedAt.getTime() - sentAt.getTime();
  if (Math.abs(differenceMs) <= TOLERATED_SKEW_MS) return 0;
  return Math.round(differenceMs / 1_000) * 1_000;
}

/** Nothing is later than its arrival, and nothing ends before it began, whatever the clocks said. */
export function toDriftEntry(
  drift: readonly ReportedDrift[],
  truncated: boolean,
  { sentAt, receivedAt }: { readonly sentAt: Date | undefined; readonly receivedAt: Date },
): DriftEntry {
  const shiftMs = clockShiftMs(sentAt, receivedAt);
  const at = (text: string): Date => new Date(Math.min(Date.parse(text) + shiftMs, receivedAt.getTime()));
  const closed: ClosedDrift[] = [];
  const open: OpenDrift[] = [];
  for (const reported of drift) {
    const difference = toOpen(reported, at);
    const { closedAt, closedBy } = reported;
    if (closedAt === undefined || closedBy === undefined) open.push(difference);
    else {
      const endedAt = at(closedAt) < difference.firstSeenAt ? difference.firstSeenAt : at(closedAt);
      closed.push({ ...difference, closedAt: endedAt, closedBy });
    }
  }
  return { open, closed, truncated };
}

function toOpen(reported: ReportedDrift, at: (text: string) => Date): OpenDrift {
  const { episode, apiVersion, kind, type, masked, managerClass, healedCount, contested } = reported;
  return {
    episode,
    apiVersion: word(apiVersion),
    kind: word(kind),
    namespace: word(reported.namespace),
    name: word(reported.name),
    path: word(reported.path),
    type,
    // Said twice on purpose: what an agent marks as secret is not stored, whatever it sends along.
    desired: masked ? null : value(reported.desired),
    live: masked ? null : value(reported.live),
    masked,
    manager: word(reported.manager),
    managerClass,
    operation: word(reported.operation),
    subresource: word(reported.subresource),
    changedAt: reported.changedAt === undefined ? null : at(reported.changedAt),
    firstSeenAt: at(reported.firstSeenAt),
    healedCount,
    contested,
    excepted: reported.excepted ?? null,
  };
}

function word(text: string | undefined): string {
  return cut(text ?? '', MAX_WORD);
}

function value(text: string | undefined): string | null {
  return text === undefined ? null : cut(text, MAX_VALUE);
}

/** Postgres cannot keep a NUL, and one endless value must not fill the table. */
function cut(text: string, max: number): string {
  const clean = text.replaceAll('\0', '');
  return clean.length > max ? `${clean.slice(0, max)}…` : clean;
}
