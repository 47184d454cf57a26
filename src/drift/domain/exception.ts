// Accepted drift: what a person said may stay, for which instances, until when. Pure.
import type { AssignedException } from '@fairlead/protocol/drift';
import {
  isSelectorProblem,
  matchesSelector,
  parseLabelSelector,
} from '../../clusters/domain/label-selector.ts';
import type { Labels } from '../../clusters/domain/labels.ts';

/** Which drift, on which instances; an empty member is no condition. All others must hold. */
export interface ExceptionScope {
  readonly application: string;
  readonly environment: string;
  readonly cluster: string;
  /** In the syntax of Kubernetes. */
  readonly selector: string;
  readonly objectKind: string;
  readonly namespace: string;
  readonly name: string;
  readonly path: string;
  readonly manager: string;
}

/** An exception as it is stored. In force while `endedAt` is null. */
export interface DriftException extends ExceptionScope {
  readonly id: bigint;
  readonly reason: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly until: Date;
  readonly endedAt: Date | null;
}

/** What an exception is matched against, besides the drift itself. */
export interface ExceptedInstance {
  readonly application: string;
  readonly environment: string;
  readonly cluster: string;
  readonly labels: Labels;
}

/** An exception must end some time: what is meant for ever belongs into the release or its ignore rules. */
const LONGEST_MS = 366 * 24 * 3_600_000;

/** What is wrong with a wish to accept drift, each as a sentence; none: it may be. */
export function exceptionProblems(scope: ExceptionScope, reason: string, until: Date, now: Date): string[] {
  const problems: string[] = [];
  if (Object.values(scope).every((value) => value === '')) {
    problems.push(
      'filter: it names nothing, so it would accept everything everywhere; name at least one thing.',
    );
  }
  if (reason.trim() === '') problems.push('reason: say why; it is what others will read.');
  if (until <= now) problems.push('until: it is in the past.');
  if (until.getTime() - now.getTime() > LONGEST_MS) {
    problems.push(
      'until: at most a year ahead; what is to stay for ever belongs into the release, or into the ignore rules of the application.',
    );
  }
  return problems;
}

/** Whether the exception may concern drift of the instance. */
export function concernsInstance(exception: ExceptionScope, instance: ExceptedInstance): boolean {
  const { application, environment, cluster, selector } = exception;
  const names = [
    [application, instance.application],
    [environment, instance.environment],
    [cluster, instance.cluster],
  ] as const;
  return names.every(([wanted, is]) => wanted === '' || wanted === is) && matches(selector, instance.labels);
}

/** A stored selector was read before it was stored; one that cannot be read any more accepts nothing. */
function matches(selector: string, labels: Labels): boolean {
  if (selector === '') return true;
  const parsed = parseLabelSelector(selector);
  return !isSelectorProblem(parsed) && matchesSelector(parsed, labels);
}

/** What the agent of an instance is told: those in force that concern it, oldest first. */
export function exceptionsFor(
  instance: ExceptedInstance,
  exceptions: readonly (DriftException & { readonly publicId: string })[],
): AssignedException[] {
  return exceptions
    .filter((exception) => exception.endedAt === null && concernsInstance(exception, instance))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ publicId, until, objectKind, namespace, name, path, manager }) => ({
      id: publicId,
      until: until.toISOString(),
      ...given({ objectKind, namespace, name, path, manager }),
    }));
}

function given<Members extends Readonly<Record<string, string>>>(members: Members): Partial<Members> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== '')) as Partial<Members>;
}

/** `Deployment web spec.replicas of shop in prod`, for events. */
export function scopeText(scope: ExceptionScope): string {
  const { application, environment, cluster, selector, objectKind, namespace, name, path, manager } = scope;
  const object = [objectKind, namespace && name ? `${namespace}/${name}` : namespace || name, path];
  const parts = [
    object.filter((part) => part !== '').join(' ') || 'any object',
    application && `of ${application}`,
    environment && `in ${environment}`,
    cluster && `on ${cluster}`,
    selector && `on clusters "${selector}"`,
    manager && `by ${manager}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}
