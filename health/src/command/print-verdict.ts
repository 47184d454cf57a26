// One line for each object: for a person, or as JSON for a program.
import { subject } from '@fairlead/protocol/resource-id';
import type { JudgedObject } from './judge-batch.ts';

const WIDEST_HEALTH = 'PROGRESSING'.length;

/** `DEGRADED     Deployment/shop/web  CrashLoopBackOff: pod "web-1": …`. */
export function asText({ verdict, kind = '?', name = '?', namespace }: JudgedObject): string {
  const named = subject({ apiVersion: '', kind, name, ...(namespace !== undefined && { namespace }) });
  return `${verdict.health.padEnd(WIDEST_HEALTH)}  ${named}  ${verdict.reason}: ${verdict.message}`;
}

/** One JSON object without a line break. */
export function asJson({ verdict, apiVersion, kind, namespace, name }: JudgedObject): string {
  const { health, reason, message } = verdict;
  return JSON.stringify({ apiVersion, kind, namespace, name, health, reason, message });
}
