// Gateway API, Contour, Gloo, Istio, NMState.
import type { DeclaredRule, RuleCase, RuleTest } from '../form/rule-form.ts';
import { faults, trueOrFailed } from './ready-cases.ts';

const refused: RuleTest = {
  any: [
    { condition: 'Accepted', is: 'False' },
    { condition: 'ResolvedRefs', is: 'False' },
    { condition: 'PartiallyInvalid', is: 'True' },
  ],
};

/** A route is taken up by each of its parents apart, a policy by each of its ancestors. */
function attachedTo(list: string): readonly RuleCase[] {
  return [
    { when: { some: list, that: refused }, health: 'DEGRADED' },
    {
      when: { every: list, that: { all: [{ condition: 'Accepted', is: 'True' }, notPending] } },
      health: 'HEALTHY',
    },
  ];
}

const notPending: RuleTest = { not: { condition: 'ResolvedRefs', is: 'Unknown' } };

const solo: readonly RuleCase[] = [
  ...(['status.statuses', 'status.namespacedStatuses.statuses'] as const).flatMap((map): RuleCase[] => [
    { when: { some: map, that: { field: 'state', is: ['Rejected', 2, 'Warning', 3] } }, health: 'DEGRADED' },
    { when: { some: map, that: { field: 'state', is: ['Pending', 0] } }, health: 'PROGRESSING' },
    { when: { every: map, that: { field: 'state', is: ['Accepted', 1] } }, health: 'HEALTHY' },
  ]),
  {
    field: 'status.state',
    means: {
      Accepted: 'HEALTHY',
      1: 'HEALTHY',
      Rejected: 'DEGRADED',
      2: 'DEGRADED',
      Warning: 'DEGRADED',
      3: 'DEGRADED',
    },
    detail: 'status.reason',
  },
];

export const networkingRules: readonly DeclaredRule[] = [
  {
    group: 'gateway.networking.k8s.io',
    kinds: ['GRPCRoute', 'HTTPRoute', 'TCPRoute', 'TLSRoute', 'UDPRoute'],
    cases: attachedTo('status.parents'),
  },
  {
    group: 'gateway.networking.k8s.io',
    kinds: ['BackendTLSPolicy', 'BackendTrafficPolicy'],
    cases: attachedTo('status.ancestors'),
  },
  { group: 'gateway.networking.k8s.io', kinds: ['GatewayClass'], cases: trueOrFailed('Accepted') },
  {
    group: 'gateway.networking.k8s.io',
    kinds: ['Gateway'],
    cases: [
      { condition: 'Accepted', reasons: { Pending: 'PROGRESSING' }, means: { False: 'DEGRADED' } },
      {
        when: {
          some: 'status.listeners',
          that: {
            any: [
              { condition: 'Accepted', is: 'False' },
              { condition: 'ResolvedRefs', is: 'False' },
              { condition: 'Conflicted', is: 'True' },
            ],
          },
        },
        health: 'DEGRADED',
      },
      {
        condition: 'Programmed',
        reasons: { Pending: 'PROGRESSING' },
        means: { True: 'HEALTHY', False: 'DEGRADED' },
      },
    ],
  },
  { group: 'projectcontour.io', kinds: ['ExtensionService'], cases: trueOrFailed('Valid') },
  {
    group: 'projectcontour.io',
    kinds: ['HTTPProxy'],
    cases: [
      {
        // A parent goes on serving its other routes when one child is not there.
        when: {
          some: 'status.conditions',
          that: {
            all: [
              { field: 'type', is: 'Valid' },
              { field: 'status', is: 'False' },
              { every: 'errors', that: { field: 'reason', is: 'IncludeNotFound' } },
            ],
          },
        },
        health: 'HEALTHY',
        reason: 'IncludeNotFound',
        message: 'is served, but for an included proxy that is not there',
      },
      ...trueOrFailed('Valid'),
    ],
  },
  { group: 'gateway.solo.io', kinds: '*', cases: solo },
  { group: 'gloo.solo.io', kinds: '*', cases: solo },
  {
    group: 'install.istio.io',
    kinds: ['IstioOperator'],
    cases: [
      {
        field: 'status.status',
        means: {
          NONE: 'UNKNOWN',
          0: 'UNKNOWN',
          UPDATING: 'PROGRESSING',
          1: 'PROGRESSING',
          RECONCILING: 'PROGRESSING',
          2: 'PROGRESSING',
          HEALTHY: 'HEALTHY',
          3: 'HEALTHY',
          ERROR: 'DEGRADED',
          4: 'DEGRADED',
          ACTION_REQUIRED: 'DEGRADED',
          5: 'DEGRADED',
        },
        detail: 'status.message',
      },
    ],
  },
  {
    group: 'nmstate.io',
    kinds: ['NodeNetworkConfigurationEnactment', 'NodeNetworkConfigurationPolicy'],
    cases: [
      ...faults('Degraded', 'Failing'),
      { condition: 'Progressing', means: { True: 'PROGRESSING' } },
      { condition: 'Available', means: { True: 'HEALTHY' } },
      // No node is selected, so there is nothing to configure.
      { condition: 'Ignored', means: { True: 'HEALTHY' } },
    ],
  },
  {
    group: 'nmstate.io',
    kinds: ['NMState'],
    cases: [
      ...faults('Degraded'),
      { condition: 'Progressing', means: { True: 'PROGRESSING' } },
      { condition: 'Available', means: { True: 'HEALTHY' } },
    ],
  },
];
