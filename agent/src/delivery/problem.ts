// What went wrong with one object, which of the three ways it shows, and when to try again. Pure.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { maskText } from '@fairlead/protocol/masking';
import { subject, type ObjectRef } from '@fairlead/protocol/resource-id';
import { KubeError, type RequestSubject } from '../kube/kube-error.ts';
import { isTransient } from '../kube/retry.ts';

/** Stable codes of what may go wrong with an object or an instance. */
export type ProblemCode =
  | 'ADOPTION_NEEDED'
  | 'BEING_DELETED'
  | 'BUNDLE_UNAVAILABLE'
  | 'FORBIDDEN'
  | 'IMMUTABLE'
  | 'INVALID'
  | 'KIND_NOT_SERVED'
  | 'NAMESPACE_MISSING'
  | 'NOT_ESTABLISHED'
  | 'OWNED_BY_OTHER'
  | 'REFUSED'
  | 'UNREACHABLE';

/** SYNCING: it mends by itself, retried soon. FAILED: it was refused. OUT_OF_SYNC: a person has to allow it. */
export interface Problem {
  readonly code: ProblemCode;
  readonly sync: 'SYNCING' | 'FAILED' | 'OUT_OF_SYNC';
  readonly message: string;
}

const IMMUTABLE =
  /immutable|may not change once set|updates to [\w.]+ spec for fields other than|may not be (changed|updated)/i;
const NOT_ALLOWED_BY_RBAC = /cannot [\w:-]+ (resource|path)/;
// Kubernetes 1.36 says `impersonate:serviceaccount`, older ones `impersonate`; the rule for the older is good in both.
const NO_IMPERSONATION = /cannot impersonate[\w:-]* resource/;

/** Whether the refusal says that a field can never change. */
export function isImmutable(error: KubeError): boolean {
  return error.code === 422 && IMMUTABLE.test(error.message);
}

/** Whether the refusal says that the namespace is not there. */
export function isNamespaceMissing(error: KubeError): boolean {
  return error.code === 404 && error.status.details?.kind === 'namespaces';
}

/** From an error of a step on one object to what is shown; secret values are masked. */
export function problemOf(error: unknown, object: KubernetesObject): Problem {
  const problem = error instanceof KubeError ? refusalProblem(error) : unexpectedProblem(error);
  return { ...problem, message: maskText(problem.message, [object]) };
}

/** The agent was told to work in other namespaces than the object's: it sees nothing there and must not write blindly. */
export function outOfBounds(namespace = ''): Problem {
  const message = `FORBIDDEN: the agent may not work in namespace ${namespace}; add it to rbac.namespaces of the agent's chart (FAIRLEAD_NAMESPACES)`;
  return { code: 'FORBIDDEN', sync: 'FAILED', message };
}

/** Another instance has marked the object. */
export function ownedByOther(owner: string): Problem {
  const message = `OWNED_BY_OTHER: belongs to ${owner}; remove it from one of the two, or set adopt to take it over`;
  return { code: 'OWNED_BY_OTHER', sync: 'FAILED', message };
}

/** A sentence about an object, as reports show it. */
export function about(ref: ObjectRef, message: string): string {
  return `${subject(ref)}: ${message}`;
}

function refusalProblem(error: KubeError): Problem {
  if (isTransient(error)) return { code: 'UNREACHABLE', sync: 'SYNCING', message: error.message };
  switch (error.code) {
    case 401:
      return {
        code: 'UNREACHABLE',
        sync: 'SYNCING',
        message: `the API server does not accept the agent's login: ${error.message}`,
      };
    case 403:
      return forbidden(error);
    case 404:
      return notFound(error);
    case 409:
      return conflict(error);
    default:
      return refused(error);
  }
}

function refused(error: KubeError): Problem {
  if (!isImmutable(error))
    return { code: 'INVALID', sync: 'FAILED', message: `apply was refused: ${error.message}` };
  const message = `apply was refused, a field cannot change: ${error.message}; annotate the object with fairlead.dev/recreate: "true" to let it be deleted and created anew`;
  return { code: 'IMMUTABLE', sync: 'FAILED', message };
}

function forbidden(error: KubeError): Problem {
  if (error.causes.some((cause) => cause.reason === 'NamespaceTerminating')) {
    return { code: 'NAMESPACE_MISSING', sync: 'SYNCING', message: error.message };
  }
  if (!NOT_ALLOWED_BY_RBAC.test(error.message)) {
    return { code: 'REFUSED', sync: 'FAILED', message: `apply was refused: ${error.message}` };
  }
  const { user, ...own } = error.subject;
  // To write as a ServiceAccount is a right of the agent; what is written then is a matter of the ServiceAccount's rights.
  if (user !== undefined && NO_IMPERSONATION.test(error.message))
    return lacks('the agent', impersonation(user));
  return lacks(user ?? 'the agent', own);
}

function lacks(who: string, missing: RequestSubject): Problem {
  const { verb, resource, namespace } = missing;
  const where = namespace ? ` in namespace ${namespace}` : '';
  const message = `FORBIDDEN: ${who} may not ${verb} ${resource}${where}; add to its role: ${ruleFor(missing)}`;
  return { code: 'FORBIDDEN', sync: 'FAILED', message };
}

function impersonation(user: string): RequestSubject {
  const [, , namespace] = user.split(':');
  return { verb: 'impersonate', resource: 'serviceaccounts', namespace };
}

// What is listed is watched next, and what is applied is created first: with one alone there would be a next refusal.
const NEEDED_WITH: Readonly<Record<string, readonly string[]>> = {
  list: ['list', 'watch'],
  patch: ['create', 'patch'],
};

/** The rule that an administrator has to add, ready to be pasted. */
function ruleFor({ verb, resource }: RequestSubject): string {
  const dot = resource.indexOf('.');
  const plural = dot < 0 ? resource : resource.slice(0, dot);
  const group = dot < 0 ? '' : resource.slice(dot + 1);
  const verbs = (NEEDED_WITH[verb] ?? [verb]).map((each) => `"${each}"`).join(', ');
  return `{"apiGroups": ["${group}"], "resources": ["${plural}"], "verbs": [${verbs}]}`;
}

function notFound(error: KubeError): Problem {
  if (isNamespaceMissing(error)) {
    return { code: 'NAMESPACE_MISSING', sync: 'SYNCING', message: error.message };
  }
  return { code: 'KIND_NOT_SERVED', sync: 'SYNCING', message: error.message };
}

function conflict(error: KubeError): Problem {
  if (!error.causes.some((cause) => cause.reason === 'FieldManagerConflict')) {
    return { code: 'UNREACHABLE', sync: 'SYNCING', message: error.message };
  }
  const fields = error.causes.map((cause) => `${cause.field ?? ''} (${cause.message ?? ''})`).join('; ');
  const message = `ADOPTION_NEEDED: others own fields that Git sets: ${fields}; set adopt to take them over`;
  return { code: 'ADOPTION_NEEDED', sync: 'OUT_OF_SYNC', message };
}

function unexpectedProblem(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'REFUSED', sync: 'FAILED', message: `failed unexpectedly: ${message}` };
}
