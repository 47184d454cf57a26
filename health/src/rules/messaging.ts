// Kafka (Strimzi, Banzai, Confluent) and RabbitMQ.
import type { DeclaredRule, RuleCase } from '../form/rule-form.ts';

const strimzi: readonly RuleCase[] = [
  // A topic or user whose deletion fails says so here while it waits to go.
  { condition: 'NotReady', means: { True: 'DEGRADED' }, evenWhile: 'deleting' },
  { condition: 'ReconciliationPaused', means: { True: 'SUSPENDED' } },
  { condition: 'Ready', means: { True: 'HEALTHY' } },
];

const confluentPhases: readonly RuleCase[] = [
  { field: 'status.phase', means: { RUNNING: 'HEALTHY', FAILED: 'DEGRADED', ERROR: 'DEGRADED' } },
];

const hasTopic = { field: 'status.cruiseControlTopicStatus', is: 'CruiseControlTopicReady' } as const;

export const messagingRules: readonly DeclaredRule[] = [
  { group: 'kafka.strimzi.io', kinds: '*', cases: strimzi },
  {
    group: 'kafka.banzaicloud.io',
    kinds: ['KafkaCluster'],
    cases: [
      {
        when: {
          all: [
            { field: 'status.state', is: 'ClusterRunning' },
            hasTopic,
            { some: 'status.brokersState', that: { field: 'configurationState', is: 'ConfigOutOfSync' } },
          ],
        },
        health: 'DEGRADED',
        reason: 'ConfigOutOfSync',
        message: 'the configuration of a broker is out of sync',
      },
      { when: { all: [{ field: 'status.state', is: 'ClusterRunning' }, hasTopic] }, health: 'HEALTHY' },
    ],
  },
  { group: 'platform.confluent.io', kinds: '*', cases: confluentPhases },
  {
    group: 'platform.confluent.io',
    kinds: ['Connector'],
    cases: [
      {
        when: { field: 'status.failedTasksCount', atLeast: 1 },
        health: 'DEGRADED',
        reason: 'TasksFailed',
        message: 'tasks of it have failed',
      },
      { condition: 'platform.confluent.io/app-ready', means: { False: 'DEGRADED' } },
      { field: 'status.state', means: { ERROR: 'DEGRADED' } },
      {
        field: 'status.connectorState',
        means: { RUNNING: 'HEALTHY', PAUSED: 'SUSPENDED', FAILED: 'DEGRADED' },
      },
    ],
  },
  {
    group: 'rabbitmq.com',
    kinds: '*',
    cases: [
      // When it fails the operator writes the condition but not the generation that it saw.
      { condition: 'Ready', means: { False: 'DEGRADED' }, evenWhile: 'unseen' },
      { condition: 'Ready', means: { True: 'HEALTHY' } },
    ],
    otherwise: 'UNKNOWN',
  },
  {
    group: 'rabbitmq.com',
    kinds: ['RabbitmqCluster'],
    cases: [
      { condition: 'ReconcileSuccess', means: { False: 'DEGRADED' } },
      { condition: 'ClusterAvailable', means: { False: 'PROGRESSING', Unknown: 'PROGRESSING' } },
      { condition: 'AllReplicasReady', means: { True: 'HEALTHY' } },
    ],
  },
];
