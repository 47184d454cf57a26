// Where we judge otherwise than the two families, each with its reason. The suites allow these and no others.
import type { Health } from '@fairlead/protocol/health';

/** One case that is judged otherwise, on purpose. */
export interface KnownDifference {
  readonly name: string;
  readonly theirs: Health;
  readonly ours: Health;
  readonly reason: string;
}

const isGoing =
  'the object is being deleted. Argo CD itself says Progressing of every such object before it asks its script; its test asks the script alone';

/** Of the shared cases of Argo CD's custom kinds. */
export const argoCdDifferences: readonly KnownDifference[] = [
  ...['KafkaBridge', 'KafkaConnect', 'KafkaConnector'].map((kind): KnownDifference => {
    return {
      name: `kafka.strimzi.io/${kind} healthy`,
      theirs: 'HEALTHY',
      ours: 'PROGRESSING',
      reason: isGoing,
    };
  }),
  {
    name: 'rabbitmq.com/Exchange healthy',
    theirs: 'HEALTHY',
    ours: 'PROGRESSING',
    reason:
      'the status is of generation 1 and the object at 3. An old status never makes a new release healthy',
  },
];

/** Of the cases of kstatus, where Argo CD decides. */
export const kstatusDifferences: readonly KnownDifference[] = [
  {
    name: 'jobInProgress',
    theirs: 'HEALTHY',
    ours: 'PROGRESSING',
    reason: 'a Job that runs has not done its work yet; kstatus only asks whether it has started',
  },
  {
    name: 'podCompletedFailed',
    theirs: 'HEALTHY',
    ours: 'DEGRADED',
    reason: 'a failed Pod is not healthy; kstatus only asks whether it has come to an end',
  },
  {
    name: 'serviceLBok',
    theirs: 'HEALTHY',
    ours: 'PROGRESSING',
    reason: 'a load balancer without an address serves nobody; kstatus is content with a cluster IP',
  },
];
