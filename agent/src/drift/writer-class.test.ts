import { expect, it } from 'vitest';
import { writerClassOf } from './writer-class.ts';

it.each([
  ['kubectl', 'PERSON'],
  ['kubectl-client-side-apply', 'PERSON'],
  ['k9s', 'PERSON'],
  ['Mozilla', 'PERSON'],
  ['kube-controller-manager', 'CONTROLLER'],
  ['manager', 'CONTROLLER'],
  ['vault-agent-injector', 'CONTROLLER'],
  ['some-operator', 'CONTROLLER'],
  ['argocd-application-controller', 'GITOPS'],
  ['kustomize-controller', 'GITOPS'],
  ['helm', 'GITOPS'],
  ['helmsman-of-our-own', 'UNKNOWN'],
  ['our-script', 'UNKNOWN'],
  [undefined, 'UNKNOWN'],
])('takes %s for %s', (name, expected) => {
  expect(writerClassOf(name)).toBe(expected);
});
