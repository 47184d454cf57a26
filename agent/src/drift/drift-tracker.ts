// Keeps the book of open differences in step with events, without asking the API server anything.
import type { Assignment } from '@fairlead/protocol/assignment';
import type { Json, KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { DesiredObject } from '../delivery/desired-object.ts';
import { attributionOf } from './attribution.ts';
import type { DriftBook, HowEnded, OpenItem } from './drift-book.ts';
import { acceptedBy, exceptionOf, exceptionsFor } from './exceptions.ts';
import { valueAt } from './field-path.ts';
import { withLive, writtenField, type Finding } from './finding.ts';
import { isIgnored, rulesFor } from './ignore-rules.ts';
import type { LiveObject } from './live-object.ts';
import { digestOf } from './owned-digest.ts';

/** The book of an instance, and what the instance says of its objects. */
export interface Tracked {
  readonly book: DriftBook;
  readonly assignment: Assignment;
  readonly desired: DesiredObject | undefined;
}

/**
 * Takes what the object says of differences that are known: another live value, another writer.
 * @returns whether one of them seems to be no difference any more, so that somebody should look
 */
export function takeNews({ book }: Tracked, id: string, object: KubernetesObject): boolean {
  let isBack = false;
  for (const item of book.openOn(id, 'DECLARED')) {
    if (item.path === '') continue;
    const live = valueAt(object as Json, item.steps);
    if (live !== undefined && digestOf(live) === item.wanted) isBack = true;
    else book.update(id, newsOf(item, object, live));
  }
  return isBack;
}

function newsOf(item: OpenItem, object: KubernetesObject, live: Json | undefined): OpenItem {
  const finding = withLive(item.ref, item, live, attributionOf(object, item.steps));
  return { ...item, ...finding, ...(finding.live === undefined && { live: undefined }) } as OpenItem;
}

/** Makes the additions that the book has open those that the object has now. */
export function trackAdditions(tracked: Tracked, live: LiveObject, nowMs: number, ended: HowEnded): void {
  const { book } = tracked;
  if (live.extras.length === 0 && book.openOn(live.id, 'ADDED').length === 0) return;
  const findings = additions(tracked, live, nowMs);
  book.replace(live.id, 'ADDED', { ref: live.ref, findings, healsOf: () => 0 }, ended);
}

function additions({ assignment, desired }: Tracked, live: LiveObject, nowMs: number): readonly Finding[] {
  if (!desired || live.instance !== assignment.instance) return [];
  const { ignore, exceptions } = assignment.syncPolicy;
  const [ignored, accepted] = [rulesFor(live.ref, ignore), exceptionsFor(live.ref, exceptions, nowMs)];
  return live.extras.flatMap((finding) => {
    const field = writtenField(finding);
    // What Git sets too is no addition: it was changed, and is looked at as such.
    if (valueAt(desired.object as Json, finding.steps) !== undefined || isIgnored(field, ignored)) return [];
    const exception = exceptionOf(field, accepted);
    return [exception ? { ...finding, because: acceptedBy(exception) } : finding];
  });
}
