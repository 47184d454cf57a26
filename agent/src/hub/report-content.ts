// The last thing that happens to a report before it leaves the cluster: secret values are hidden, and its content
// gets its hash. Pure.
import { createHash } from 'node:crypto';
import { canonicalJson } from '@fairlead/protocol/canonical';
import type { Json, KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { ReportedDrift } from '@fairlead/protocol/drift';
import { MASK, maskCutText, maskerOf } from '@fairlead/protocol/masking';
import { MAX_REPORTED_OBJECTS, type InstanceReport } from '@fairlead/protocol/report';
import type { HashedReport, SentReport } from './sent-report.ts';

const LONGEST_MESSAGE = 2_000;

/** The report as it may leave, with the values of the bundle's Secrets hidden in every message. */
export function outgoingReport(report: InstanceReport, secrets: readonly KubernetesObject[]): HashedReport {
  const mask = maskerOf(secrets);
  const hide = (message: string): string => shortened(mask(message));
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
    ...(desired !== undefined && { desired: withoutValues(desired, secrets) }),
    ...(live !== undefined && { live: withoutValues(live, secrets) }),
  };
  const isHidden = hidden.desired !== desired || hidden.live !== live;
  return { ...item, ...hidden, masked: item.masked || isHidden };
}

// Both were made by `shownValue`.
const CUT = /^([^]*)(… \(\d+ characters\))$/;

/** JSON text in which nothing holds a value of these Secrets, however JSON quotes it and wherever it was cut. */
function withoutValues(jsonText: string, secrets: readonly KubernetesObject[]): string {
  if (secrets.length === 0) return jsonText;
  const mask = maskerOf(secrets);
  const hide = (text: string): string => {
    const [, kept, rest = ''] = CUT.exec(text) ?? [];
    return kept === undefined ? mask(text) : maskCutText(kept, secrets) + rest;
  };
  const value = parsed(jsonText);
  if (value === undefined) return mask(jsonText);
  const hidden = canonicalJson(mapScalars(value, hide));
  return hidden === canonicalJson(value) ? jsonText : hidden;
}

/** `undefined` for what an earlier life of the agent kept in another form. */
function parsed(jsonText: string): Json | undefined {
  try {
    return JSON.parse(jsonText) as Json;
  } catch {
    return undefined;
  }
}

/** A number may be a value too: what it becomes is then a text. */
function mapScalars(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (typeof value === 'number') return change(String(value)) === String(value) ? value : MASK;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => mapScalars(item, change));
  const members = Object.entries(value).map(
    ([key, child = null]) => [key, mapScalars(child, change)] as const,
  );
  return Object.fromEntries(members);
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
