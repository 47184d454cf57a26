// Elastic Cloud on Kubernetes. Elasticsearch itself needs logic, see kinds/.
import type { DeclaredRule, RuleCase } from '../form/rule-form.ts';

const colours = {
  green: 'PROGRESSING',
  yellow: 'PROGRESSING',
  red: 'DEGRADED',
  '*': 'UNKNOWN',
} as const;

export const elasticRules: readonly DeclaredRule[] = [
  {
    group: 'beat.k8s.elastic.co',
    kinds: ['Beat'],
    cases: expectedNodes(),
    otherwise: 'UNKNOWN',
  },
  { group: 'agent.k8s.elastic.co', kinds: ['Agent'], cases: expectedNodes(), otherwise: 'UNKNOWN' },
  { group: 'logstash.k8s.elastic.co', kinds: ['Logstash'], cases: expectedNodes(), otherwise: 'UNKNOWN' },
  ...(
    [
      ['apm.k8s.elastic.co', 'ApmServer'],
      ['enterprisesearch.k8s.elastic.co', 'EnterpriseSearch'],
      ['kibana.k8s.elastic.co', 'Kibana'],
      ['maps.k8s.elastic.co', 'ElasticMapsServer'],
    ] as const
  ).map(([group, kind]): DeclaredRule => ({
    group,
    kinds: [kind],
    cases: [{ field: 'status.health', means: { ...colours, green: 'HEALTHY' } }],
    otherwise: 'UNKNOWN',
  })),
];

/** Green counts only once all nodes are there. */
function expectedNodes(): readonly RuleCase[] {
  return [
    {
      when: {
        all: [
          { field: 'status.health', is: 'green' },
          { field: 'status.availableNodes', sameAs: 'status.expectedNodes' },
        ],
      },
      health: 'HEALTHY',
    },
    { field: 'status.health', means: colours },
    { when: { field: 'status.expectedNodes', exists: true }, health: 'PROGRESSING' },
  ];
}
