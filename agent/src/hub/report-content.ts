// The last thing that happens to a report before it leaves the cluster: secret values are hidden, and its content
// gets its hash. Pure.
import { createHash } from 'node:crypto';
import { canonicalJson } from '@fairlead/protocol/canonical';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { maskText } from '@fairlead/protocol/masking';
import { MAX_REPORTED_OBJECTS, type InstanceReport } from '@fairlead/protocol/report';
import type { HashedReport } from './report-queue.ts';

const LONGEST_MESSAGE = 2_000;

/** The report as it may leave, with the values of the bundle's Secrets hidden in every message. */
export function outgoingReport(report: InstanceReport, secrets: readonly KubernetesObject[]): HashedReport {
  const hide = (message: string): string => shortened(maskText(message, secrets));
  const content: InstanceReport = {
    ...report,
    message: hide(report.message),
    objects: report.objects
      .slice(0, MAX_REPORTED_OBJECTS)
      .map((object) => ({ ...object, message: hide(object.message) })),
    truncated: report.truncated || report.objects.length > MAX_REPORTED_OBJECTS,
    pendingPrune: report.pendingPrune.slice(0, MAX_REPORTED_OBJECTS),
  };
  const text = Buffer.from(canonicalJson(content));
  return { ...content, contentHash: createHash('sha256').update(text).digest('hex'), bytes: text.length };
}

/** An admission webhook may answer with pages. */
function shortened(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}…`;
}
