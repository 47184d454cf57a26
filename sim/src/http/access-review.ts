// Access reviews: everybody with the token may do everything, and is told so in the API server's form.
import type { Json, JsonObject } from '../json-value.ts';
import { objectOf, valueAt } from '../json-value.ts';

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/** The answer to a SelfSubjectAccessReview, or undefined for another path. */
export function reviewAt(path: string, method: string, body: Json | undefined): JsonObject | undefined {
  if (path !== REVIEWS || method !== 'POST') return undefined;
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec: objectOf(valueAt(body, 'spec')),
    status: { allowed: true, reason: 'a simulated cluster has no RBAC' },
  };
}
