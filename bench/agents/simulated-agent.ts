// One simulated agent. It speaks to the hub through the real agent's own code (join, credential, hello, doorbell,
// assignments, bundles, reports); only its cluster is missing: the apply is a pause, and nothing is kept on disk.
import { randomUUID } from 'node:crypto';
import type { InstanceReport } from '@fairlead/protocol/report';
import { pause, systemClock as clock } from '../../agent/src/clock.ts';
import { Bell } from '../../agent/src/hub/bell.ts';
import { fetchBundle } from '../../agent/src/hub/bundle-fetch.ts';
import { listenToDoorbell } from '../../agent/src/hub/doorbell.ts';
import { GraphqlClient } from '../../agent/src/hub/graphql-client.ts';
import { HubApi, type AssignmentsPage, type Session } from '../../agent/src/hub/hub-api.ts';
import { HubClock } from '../../agent/src/hub/hub-clock.ts';
import { HubError, isPassing } from '../../agent/src/hub/hub-error.ts';
import { HubTransport } from '../../agent/src/hub/hub-transport.ts';
import { aroundMs, reconnectDelayMs } from '../../agent/src/hub/jitter.ts';
import { KeyPair } from '../../agent/src/hub/key-pair.ts';
import { mergeAnswer, NOTHING_KNOWN, withoutInstances } from '../../agent/src/hub/known-assignments.ts';
import { CLOSE_SESSION_REPLACED, PROTOCOL_VERSION } from '@fairlead/protocol/protocol-version';
import { ReportLoop } from './report-loop.ts';
import { applyAssignment, driftedField, reportOf } from './simulated-apply.ts';
import { Turns } from './turns.ts';
import { WireMeter, type WireBytes } from './wire-meter.ts';

/** Who it is, and who hears what happens to it. */
export interface SimulatedAgentOptions {
  readonly hubUrl: string;
  readonly clusterName: string;
  readonly applyMs: number;
  readonly onOpen: () => void;
  readonly onClosed: () => void;
  readonly onRing: () => void;
  /** There is a newer session, if only by a hello whose answer was given up: a real agent ends, and its Pod begins anew. */
  readonly onReplaced: () => void;
  /** The hub has acknowledged these reports. */
  readonly onReported: (reports: readonly InstanceReport[]) => void;
}

const POLL_MS = 600_000;
/** A process of many agents cannot hold as many large bundles in memory as their clusters would. */
const downloads = new Turns(32);
const VERSIONS = { agentVersion: '0.1.0', kubernetesVersion: 'v1.36.3' };

/** Starts with `join` or `resume`, then `run`, once. */
export class SimulatedAgent {
  readonly #options: SimulatedAgentOptions;
  readonly #transport: HubTransport;
  readonly #api: HubApi;
  readonly #meter: WireMeter;
  readonly #bell = new Bell(clock);
  readonly #reports: ReportLoop;
  #credential = '';
  #session: Session | undefined;
  #known = NOTHING_KNOWN;

  constructor(options: SimulatedAgentOptions) {
    this.#options = options;
    const hubClock = new HubClock(clock);
    const address = { hubUrl: new URL(options.hubUrl), hubCa: undefined, proxyUrl: undefined };
    this.#transport = new HubTransport(address, hubClock);
    this.#meter = new WireMeter(this.#transport.agent);
    this.#api = new HubApi(new GraphqlClient(this.#transport), hubClock);
    this.#reports = new ReportLoop({
      clock,
      api: this.#api,
      credential: () => this.#credential,
      session: () => this.#session,
      generation: () => this.#known.generation,
      onReported: options.onReported,
      onReplaced: options.onReplaced,
      onRemoved: (instances) => (this.#known = withoutInstances(this.#known, instances)),
    });
  }

  /** How many release numbers it knows of: one for each instance. */
  get releases(): ReadonlyMap<string, number> {
    const known = [...this.#known.byInstance.values()];
    return new Map(known.map(({ assignment }) => [assignment.instance, assignment.release]));
  }

  get bytes(): WireBytes {
    return this.#meter.bytes;
  }

  /** Enrols with a key of its own, and gives the credential for a later life; throws `HubError`. */
  async join(token: string): Promise<string> {
    const { credential } = await this.#api.join({
      token,
      publicKey: KeyPair.generate().publicKeyText,
      clusterName: this.#options.clusterName,
      kubeSystemUid: randomUUID(),
      ...VERSIONS,
    });
    this.#credential = credential;
    return credential;
  }

  /** Goes on as the agent that this credential was given to, with nothing else remembered. */
  resume(credential: string): void {
    this.#credential = credential;
  }

  /** Looks as it does every ten minutes: what is assigned, and whether all of it is known here. */
  async look(): Promise<void> {
    this.#bell.ring();
    await this.#trying(async () => void (await this.#api.digest(this.#credential)));
  }

  /** Reports that one of its instances is DEGRADED now, and that so many of its fields were changed by hand. */
  degrade(instance: string, drifted: number): void {
    const known = this.#known.byInstance.get(instance);
    if (!known) return;
    const drift = Array.from({ length: drifted }, (_, index) => driftedField(index));
    const report = reportOf(known.assignment, 'SYNCED', 'DEGRADED');
    this.#reports.put({ ...report, driftCount: drifted, ...(drifted > 0 && { drift }) });
  }

  /** Until the signal is aborted; rejects where the hub refuses what another try would not mend. */
  async run(signal: AbortSignal): Promise<void> {
    // As a process that is killed: what is on its way breaks.
    signal.addEventListener('abort', () => this.#transport.close());
    await Promise.all([this.#link(signal), this.#pull(signal), this.#reports.run(signal)]);
  }

  async #link(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; failures += 1) {
      const onOpen = (): void => {
        failures = 0;
        this.#bell.ring();
        this.#options.onOpen();
      };
      await this.#trying(async () => this.#listen(await this.#hello(), onOpen, signal));
      await pause(clock, reconnectDelayMs(failures, Math.random()), signal);
    }
  }

  async #hello(): Promise<Session> {
    const { epoch, generation } = this.#known;
    const input = { ...VERSIONS, protocolVersion: PROTOCOL_VERSION, appliedGeneration: generation };
    this.#session ??= await this.#api.hello({ ...input, epoch: epoch ?? null }, this.#credential);
    return this.#session;
  }

  async #listen(session: Session, onOpen: () => void, signal: AbortSignal): Promise<void> {
    const onRing = (generation: number): void => {
      if (generation === this.#known.generation) return;
      this.#options.onRing();
      this.#bell.ring();
    };
    const [transport, credential, hubCa] = [this.#transport, this.#credential, undefined];
    const ears = { transport, hubCa, credential, session, clock, signal, onOpen, onRing };
    const { code } = await listenToDoorbell(ears);
    if (code === CLOSE_SESSION_REPLACED) this.#options.onReplaced();
    this.#options.onClosed();
  }

  async #pull(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      await this.#bell.wait(aroundMs(POLL_MS, Math.random()), signal);
      if (signal.aborted) return;
      const isRead = await this.#trying(() => this.#read());
      failures = isRead ? 0 : failures + 1;
      if (isRead) continue;
      await pause(clock, reconnectDelayMs(failures, Math.random()), signal);
      this.#bell.ring();
    }
  }

  async #read(): Promise<void> {
    const { epoch, generation: since } = this.#known;
    const first = await this.#api.assignmentsPage({ since, epoch }, this.#credential);
    const assignments = [...first.assignments];
    let page: AssignmentsPage = first;
    while (page.nextCursor !== undefined) {
      page = await this.#api.assignmentsPage({ since, epoch, after: page.nextCursor }, this.#credential);
      assignments.push(...page.assignments);
    }
    const merged = mergeAnswer(this.#known, {
      ...first,
      assignments,
      healthRules: this.#known.healthRules,
    });
    this.#known = merged.known;
    for (const assignment of merged.changed) void this.#apply(assignment);
  }

  /** A bundle that could not be had is had with the next look. */
  async #apply(assignment: AssignmentsPage['assignments'][number]): Promise<void> {
    const isDone = await this.#trying(() =>
      applyAssignment(assignment, {
        clock,
        applyMs: this.#options.applyMs,
        fetchBundle: (digest) =>
          downloads.run(async () => void (await fetchBundle(this.#transport, digest, this.#credential))),
        report: (report) => this.#reports.put(report),
        removed: (instance) => this.#reports.remove(instance),
      }),
    );
    if (!isDone) this.#known = { ...this.#known, generation: 0 };
    if (!isDone) this.#bell.ring();
  }

  /** Whether it went well; throws what another try would not mend. */
  async #trying(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (isPassing(error) || isOvertaken(error)) return false;
      throw error;
    }
  }
}

/** A newer release was assigned before this one's bundle came: the next look tells of it. */
function isOvertaken(error: unknown): boolean {
  return error instanceof HubError && error.code === 'NOT_FOUND';
}
