// Cluster (cassandra.rook.io): every rack of the data centre with as many ready members as it should have.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { type HealthVerdict, healthy, progressing } from '../health-verdict.ts';
import { fields, fieldsList, text, wholeNumber } from '../read-fields.ts';

/** The operator reports no faults, only counts, so a rack that is not there yet is PROGRESSING. */
export function cassandraClusterHealth(object: KubernetesObject): HealthVerdict {
  const reported = fields(fields(object['status'])['racks']);
  const racks = fieldsList(fields(fields(object['spec'])['datacenter'])['racks']);
  if (Object.keys(reported).length === 0)
    return progressing('NotReported', 'none of its racks is reported yet');
  for (const rack of racks) {
    const name = text(rack['name']) ?? 'unnamed';
    const wanted = wholeNumber(rack['members']) ?? 0;
    const { members, readyMembers } = fields(reported[name]);
    const ready = wholeNumber(readyMembers) ?? 0;
    if (ready < wanted || (wholeNumber(members) ?? 0) !== wanted) {
      return progressing('MembersNotReady', `rack "${name}": ${ready} of ${wanted} members ready`);
    }
  }
  return healthy('Complete', `all members of ${racks.length} racks are ready`);
}
