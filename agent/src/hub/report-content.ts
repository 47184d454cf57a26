// The last thing that happens to a report before it leaves the cluster: secret values are hidden, and its content
// gets its hash. Pure.
import { createHash } from 'node:crypto';
import { canonicalJson } from '@fairlead/protocol/canonical';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { ReportedDrift } from '@fairlead/protocol/drift';
import { maskText } from '@fairlead/protocol/masking';
import { MAX_REPORTED_OBJECTS, type InstanceReport } from '@fairlead/protocol/report';
import type { HashedReport, SentReport } from './sent-report.ts';

const LONGEST_MESSAGE = 2_000;

/** The report as it may leave, with the values of the bundle's Secrets hidden in every message. */
export function outgoingReport(report: InstanceReport, secrets: readonly KubernetesObject[]): HashedReport {
  const hide = (message: string): string => shortened(maskText(message, secrets));
  const content: InstanceReport = {
    ...report,
    message: hide(report.message),
    ...(report.drift && { drift: report.drift.map((item) => outgoingDrift(item, secrets)) }),
    objects: report.objects
      .slice(0, MAX_REPORTED_OBJECTS)
      .map((object) => ({ ...object, message: hide(object.message) })),
    truncated: report.truncated || report.objects.length > MAX_REPORTED_OBJECTS,
    pendingPrune: report.pendingPrune.slice(0, MAX_REPORTED_OBJECTS),
  };
  const text = Buffer.from(canonicalJson(content));
  return { ...content, contentHash: sha256(text), bytes: text.length };
}

/** A difference as it may leave: what happens to be the value of a Secret of the bundle is hidden wherever it stands. */
export function outgoingDrift(item: ReportedDrift, secrets: readonly KubernetesObject[]): ReportedDrift {
  const { desired, live } = item;
  const hidden = {
    ...(desired !== undefined && { desired: maskText(desired, secrets) }),
    ...(live !== undefined && { live: maskText(live, secrets) }),
  };
  const isHidden = hidden.desired !== desired || hidden.live !== live;
  return { ...item, ...hidden, masked: item.masked || isHidden };
}

/** The report together with episodes that ended since; the same state with other episodes is another report. */
export function withEnded(state: HashedReport, ended: readonly ReportedDrift[]): SentReport {
  const ids = ended.map(({ episode }) => episode);
  const settled = { stateHash: state.contentHash, ended: new Set(ids) };
  if (ended.length === 0) return { ...state, ...settled };
  return {
    ...state,
    ...settled,
    drift: [...(state.drift ?? []), ...ended],
    contentHash: sha256([state.contentHash, ...ids].join(' ')),
    bytes: state.bytes + canonicalJson(ended).length,
  };
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** An admission webhook may answer with pages. */
function shortened(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}…`;
}
