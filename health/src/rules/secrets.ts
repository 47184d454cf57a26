// Certificates and secrets: cert-manager, External Secrets, Sealed Secrets, 1Password.
import type { DeclaredRule, RuleCase } from '../form/rule-form.ts';
import { faults, readyOrFailed, readyRule, trueOrFailed } from './ready-cases.ts';

// Issuing stands beside Ready=False with the same reason, and also while a valid certificate is renewed.
const certificate: readonly RuleCase[] = [
  { condition: 'Issuing', means: { True: 'PROGRESSING' } },
  ...readyOrFailed,
];

export const secretRules: readonly DeclaredRule[] = [
  { group: 'cert-manager.io', kinds: ['Certificate'], cases: certificate },
  readyRule('cert-manager.io', 'ClusterIssuer', 'Issuer'),
  { group: 'certmanager.k8s.io', kinds: ['Certificate'], cases: certificate },
  readyRule('certmanager.k8s.io', 'ClusterIssuer', 'Issuer'),
  { group: 'external-secrets.io', kinds: '*', cases: readyOrFailed },
  {
    // Some namespaces have the secret and others not; a later Ready=True overrules the old words.
    group: 'external-secrets.io',
    kinds: ['ClusterExternalSecret', 'ClusterPushSecret'],
    cases: [...readyOrFailed, ...faults('NotReady', 'PartiallyReady')],
  },
  { group: 'bitnami.com', kinds: ['SealedSecret'], cases: trueOrFailed('Synced') },
  readyRule('onepassword.com', 'OnePasswordItem'),
];
