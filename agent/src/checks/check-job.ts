// A check's Job as an object: what the hub asks for, in the one namespace and as the one ServiceAccount that are for it.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';

/** Where checks run, and as whom; nothing that the hub sends changes it. */
export interface CheckPlace {
  readonly namespace: string;
  readonly serviceAccountName: string;
}

/** What the hub sends with an instruction of the kind `job`. */
export interface JobRequest {
  readonly check: string;
  readonly application: string;
  readonly environment: string;
  readonly release: number;
  /** The Job's spec as the policy has it. */
  readonly spec: Readonly<Record<string, unknown>>;
  readonly deadlineMs: number;
}

/** How a Job ended. ERROR: it could not be run, so it says nothing of what it was to check. */
export interface JobOutcome {
  readonly state: 'PASSED' | 'FAILED' | 'ERROR';
  readonly message: string;
}

const KEEP_SECONDS = 3_600;
const MAX_MESSAGE = 500;

/** The request, where the payload is one. */
export function readJobRequest(payload: unknown): JobRequest | undefined {
  if (!isRecord(payload)) return undefined;
  const { check, application, environment, release, spec, deadlineMs } = payload;
  const texts = [check, application, environment];
  if (!texts.every((text) => typeof text === 'string') || !isRecord(spec)) return undefined;
  if (typeof release !== 'number' || typeof deadlineMs !== 'number') return undefined;
  return { check, application, environment, release, spec, deadlineMs } as JobRequest;
}

/**
 * The Job of one instruction. Its name follows from the instruction, so that a second try finds the first one's Job;
 * it tries once unless the spec says otherwise, ends in time, and is cleared away an hour later.
 */
export function checkJob(instruction: string, request: JobRequest, place: CheckPlace): KubernetesObject {
  const { spec, deadlineMs } = request;
  const template = isRecord(spec['template']) ? spec['template'] : {};
  const podSpec = isRecord(template['spec']) ? template['spec'] : {};
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: jobName(instruction),
      namespace: place.namespace,
      labels: { 'app.kubernetes.io/managed-by': 'fairlead' },
      annotations: {
        'fairlead.dev/check': request.check,
        'fairlead.dev/of': `${request.application}/${request.environment}#${request.release}`,
      },
    },
    spec: {
      backoffLimit: 0,
      ttlSecondsAfterFinished: KEEP_SECONDS,
      ...spec,
      activeDeadlineSeconds: Math.max(1, Math.ceil(deadlineMs / 1_000)),
      template: {
        ...template,
        spec: { restartPolicy: 'Never', ...podSpec, serviceAccountName: place.serviceAccountName },
      },
    },
  };
}

/** The name of an instruction's Job. */
export function jobName(instruction: string): string {
  return `fairlead-check-${instruction.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}`.slice(0, 63);
}

/** How the Job ended; `undefined` while it goes on. */
export function outcomeOf(job: KubernetesObject): JobOutcome | undefined {
  const conditions = conditionsOf(job);
  const ended = (type: string) =>
    conditions.find((each) => each['type'] === type && each['status'] === 'True');
  const failed = ended('Failed');
  if (failed) return { state: 'FAILED', message: reasonOf(failed) };
  return ended('Complete') ? { state: 'PASSED', message: '' } : undefined;
}

function conditionsOf(job: KubernetesObject): readonly Readonly<Record<string, unknown>>[] {
  const status: unknown = job['status'];
  const conditions: unknown = isRecord(status) ? status['conditions'] : undefined;
  return Array.isArray(conditions) ? conditions.filter(isRecord) : [];
}

function reasonOf(condition: Readonly<Record<string, unknown>>): string {
  const words = [condition['reason'], condition['message']].filter(
    (word) => typeof word === 'string' && word !== '',
  );
  return words.join(': ').slice(0, MAX_MESSAGE) || 'it failed';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
