// What keeps a pod's containers from running, in the words of the kubelet. Shared by pods and by the workloads
// that own them.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { type Fields, because, fields, fieldsList, text, wholeNumber } from './read-fields.ts';

/** Why one container does not run. */
export interface ContainerTrouble {
  readonly reason: string;
  /** `container "app" is in CrashLoopBackOff, last exit code 1 (Error)`. */
  readonly message: string;
  /** The container starts and dies, so a later try may succeed; else it cannot even start. */
  readonly crashes: boolean;
}

/** The kubelet's reasons to wait that mean a fault; ContainerCreating and PodInitializing do not. */
const FAULTS = /^Err|^InvalidImageName$|Error$|BackOff$/;
const IMAGE_FAULTS = /^(ErrImage|ImagePull|InvalidImageName|ErrImageNeverPull)/;

/**
 * From here on a crash loop is told from restarts alone. The second crash already waits in CrashLoopBackOff, so
 * between the waits, while the container runs for a moment, the verdict stays as it is instead of flickering.
 */
const RESTARTS_OF_A_LOOP = 2;

/** The first trouble in the order of the pod's containers, init containers first. */
export function containerTrouble(pod: KubernetesObject): ContainerTrouble | undefined {
  const status = fields(pod['status']);
  const init = fieldsList(status['initContainerStatuses']);
  const ordinary = fieldsList(status['containerStatuses']);
  for (const one of init) {
    const trouble = troubleOf(one) ?? failedInit(one);
    if (trouble) return named(`init container "${nameOf(one)}"`, trouble);
  }
  for (const one of ordinary) {
    const trouble = troubleOf(one);
    if (trouble) return named(`container "${nameOf(one)}"`, trouble);
  }
  return undefined;
}

/** How a container ended: `exit code 137 (OOMKilled): message`. */
export function ending(terminated: Fields): string {
  const reason = text(terminated['reason']);
  return `exit code ${wholeNumber(terminated['exitCode']) ?? 'unknown'}${reason ? ` (${reason})` : ''}${because(terminated['message'])}`;
}

function named(container: string, trouble: ContainerTrouble): ContainerTrouble {
  return { ...trouble, message: `${container} ${trouble.message}` };
}

function nameOf(status: Fields): string {
  return text(status['name']) ?? 'unnamed';
}

function troubleOf(status: Fields): ContainerTrouble | undefined {
  const waiting = fields(fields(status['state'])['waiting']);
  const reason = text(waiting['reason']);
  if (reason === 'CrashLoopBackOff') return crashLoop(status);
  if (reason && FAULTS.test(reason)) return cannotStart(status, reason, waiting);
  return restartsAgainAndAgain(status) ? crashLoop(status) : undefined;
}

function cannotStart(status: Fields, reason: string, waiting: Fields): ContainerTrouble {
  // The kubelet goes to and fro between ErrImagePull and ImagePullBackOff; the words stay the same in both.
  const detail = text(waiting['message'])?.replace(/^Back-off pulling image "[^"]*"(: ErrImagePull: )?/, '');
  const image = text(status['image']);
  const message = IMAGE_FAULTS.test(reason)
    ? `cannot pull image${image ? ` "${image}"` : ''}${because(detail)}`
    : `cannot start, ${reason}${because(detail)}`;
  return { reason, message, crashes: false };
}

function crashLoop(status: Fields): ContainerTrouble {
  const ended = lastEnding(status);
  // The kubelet's own message holds the length of the back-off, which ticks; how it ended is what helps.
  const message = `is in CrashLoopBackOff${ended ? `, last ${ending(ended)}` : ''}`;
  return { reason: 'CrashLoopBackOff', message, crashes: true };
}

function restartsAgainAndAgain(status: Fields): boolean {
  const restarts = wholeNumber(status['restartCount']) ?? 0;
  const ended = lastEnding(status);
  return restarts >= RESTARTS_OF_A_LOOP && status['ready'] === false && ended !== undefined && failed(ended);
}

function failedInit(status: Fields): ContainerTrouble | undefined {
  const terminated = fields(fields(status['state'])['terminated']);
  if (!failed(terminated)) return undefined;
  return { reason: 'InitContainerFailed', message: `failed with ${ending(terminated)}`, crashes: true };
}

function lastEnding(status: Fields): Fields | undefined {
  const current = fields(fields(status['state'])['terminated']);
  const last = fields(fields(status['lastState'])['terminated']);
  return [current, last].find((one) => wholeNumber(one['exitCode']) !== undefined);
}

function failed(terminated: Fields): boolean {
  return (wholeNumber(terminated['exitCode']) ?? 0) !== 0;
}
