// Elasticsearch (ECK): its phase, its colour, and as many nodes as its node sets ask for.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { type HealthVerdict, degraded, healthy, progressing, unknown } from '../health-verdict.ts';
import { fields, fieldsList, quoted, text, wholeNumber } from '../read-fields.ts';

const AT_WORK: Readonly<Record<string, string>> = {
  ApplyingChanges: 'changes are being applied',
  MigratingData: 'data is being moved between nodes',
};

/** Green alone is not enough: nodes that are yet to join do not make it yellow. */
export function elasticsearchHealth(object: KubernetesObject): HealthVerdict {
  const status = fields(object['status']);
  const phase = text(status['phase']);
  if (phase === 'Invalid') return degraded('Invalid', 'its specification is invalid');
  const work = phase === undefined ? undefined : AT_WORK[phase];
  if (phase !== undefined && work !== undefined) return progressing(phase, work);
  const colour = text(status['health']);
  if (phase !== 'Ready' || colour === undefined) {
    return unknown(
      'UnknownStatus',
      `is in phase ${quoted(phase ?? 'none')} with health ${quoted(colour ?? 'none')}`,
    );
  }
  return colourVerdict(object, colour);
}

function colourVerdict(object: KubernetesObject, colour: string): HealthVerdict {
  const available = wholeNumber(fields(object['status'])['availableNodes']) ?? 0;
  const wanted = fieldsList(fields(object['spec'])['nodeSets'])
    .map(({ count }) => wholeNumber(count) ?? 0)
    .reduce((sum, count) => sum + count, 0);
  const words = `its health is ${quoted(colour)}, ${available} of ${wanted} nodes available`;
  switch (colour) {
    case 'green':
      return available === wanted ? healthy('Green', words) : progressing('NodesNotAvailable', words);
    case 'yellow':
      return progressing('Yellow', words);
    case 'red':
      return degraded('Red', words);
    default:
      return unknown('UnknownHealth', words);
  }
}
