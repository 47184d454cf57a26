// What of drift is worth an event: people's changes, healings, and fights. One event of a sort for each instance and
// report, however many fields it concerns: a storm must not bury what else happened.
import { agentActor } from '../../clusters/domain/agent-principal.ts';
import type { ClosedDrift, OpenDrift } from '../../delivery/domain/drift-report.ts';
import { instancePath, type RemovedInstance } from '../../delivery/domain/removal-guard.ts';
import type { DriftPlan } from './plan-drift.ts';

const EXAMPLES = 3;

/** As activity takes it. */
export interface DriftEvent extends RemovedInstance {
  readonly kind: 'drift.opened' | 'drift.contested' | 'drift.healed';
  readonly actor: string;
  readonly message: string;
  readonly data: { readonly count: number; readonly managers: readonly string[] };
}

type Difference = Pick<OpenDrift, 'kind' | 'namespace' | 'name' | 'path' | 'type' | 'manager'>;

/** What a report told that was not known. */
export type DriftNews = Pick<DriftPlan, 'opened' | 'contested' | 'closed' | 'passed'>;

/** The events of one instance's report. */
export function driftEvents(instance: RemovedInstance, news: DriftNews): DriftEvent[] {
  const { opened, contested, passed } = news;
  const byPeople = [...opened, ...passed].filter(({ managerClass }) => managerClass === 'PERSON');
  const healed = healedOf(news);
  return [
    ...eventOf('drift.opened', byPeople, instance, (what) => `${whoOf(byPeople)} changed ${what}`),
    ...eventOf(
      'drift.contested',
      contested,
      instance,
      (what) =>
        `fairlead and ${whoOf(contested)} take ${what} from each other; it is not healed any more until one of them gives in`,
    ),
    ...eventOf('drift.healed', healed, instance, (what) => `healed ${what}`),
  ];
}

function eventOf(
  kind: DriftEvent['kind'],
  differences: readonly Difference[],
  { application, environment, cluster }: RemovedInstance,
  say: (what: string) => string,
): DriftEvent[] {
  if (differences.length === 0) return [];
  const names = { application, environment, cluster };
  return [
    {
      kind,
      actor: agentActor({ name: cluster }),
      message: `${instancePath(names)}: ${say(listOf(differences))}.`,
      ...names,
      data: { count: differences.length, managers: managersOf(differences) },
    },
  ];
}

/** What the agent put back. */
export function healedOf({ closed, passed }: Pick<DriftNews, 'closed' | 'passed'>): ClosedDrift[] {
  return [...closed, ...passed].filter(({ closedBy }) => closedBy === 'HEALED');
}

/** `Deployment shop/web spec.replicas`; an object that is missing or extra is named whole. */
export function differenceText({ kind, namespace, name, path, type }: Difference): string {
  const object = `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
  if (path !== '') return `${object} ${path}`;
  return type === 'EXTRA' ? `${object} (extra)` : `${object} (missing)`;
}

function listOf(differences: readonly Difference[]): string {
  const named = [...new Set(differences.map(differenceText))];
  const rest = named.length - EXAMPLES;
  return `${named.slice(0, EXAMPLES).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function managersOf(differences: readonly Difference[]): string[] {
  return [...new Set(differences.map(({ manager }) => manager))].filter((manager) => manager !== '');
}

function whoOf(differences: readonly Difference[]): string {
  return managersOf(differences).join(' and ') || 'somebody unknown';
}
