// The place of one cluster's agent: agents come and go in it with the same credential, and what they do is noted.
import type { InstanceReport } from '@fairlead/protocol/report';
import { nowMs, type Expectation, type FleetPlan } from './fleet-messages.ts';
import { SimulatedAgent } from './simulated-agent.ts';
import type { WireBytes } from './wire-meter.ts';

/** Who hears of it. */
export interface SeatListener {
  readonly onSettled: () => void;
  readonly onFailed: (error: unknown) => void;
}

/** One cluster. */
export class AgentSeat {
  readonly #plan: FleetPlan;
  readonly #number: number;
  readonly #listener: SeatListener;
  readonly #reported = new Map<string, number>();
  #agent: SimulatedAgent;
  #life = new AbortController();
  #credential = '';
  #opened = Promise.withResolvers<void>();
  #expectation: Expectation | undefined;
  #earlierBytes: WireBytes = { sent: 0, received: 0 };
  isOpen = false;
  /** 0 until it happens. When the doorbell opened last; when it rang and all was reported since `expect`. */
  openedAtMs = 0;
  rungAtMs = 0;
  reportedAtMs = 0;

  constructor(plan: FleetPlan, number: number, listener: SeatListener) {
    this.#plan = plan;
    this.#number = number;
    this.#listener = listener;
    this.#agent = this.#newAgent();
  }

  /** Resolves when the doorbell of this agent was open for the first time. */
  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  /** Of all agents that were here. */
  get bytes(): WireBytes {
    return added(this.#earlierBytes, this.#agent.bytes);
  }

  get instances(): readonly string[] {
    return [...this.#agent.releases.keys()];
  }

  /** Enrols the cluster and lets its first agent run. */
  async enrol(): Promise<void> {
    this.#credential = await this.#agent.join(this.#plan.joinToken);
    this.#run();
  }

  /** As `kill -9`: nothing is said to the hub, nothing is remembered but the credential. */
  kill(): void {
    this.#life.abort();
    this.#earlierBytes = this.bytes;
    this.#agent = this.#newAgent();
    this.#reported.clear();
    this.isOpen = false;
    this.#opened = Promise.withResolvers();
  }

  /** A new agent after `kill`. */
  start(): void {
    this.#agent.resume(this.#credential);
    this.#run();
  }

  /** Whether the hub has heard since `expect` that all is well on that release. */
  get isSettled(): boolean {
    return this.reportedAtMs > 0;
  }

  expect(expectation: Expectation): void {
    this.#expectation = expectation;
    this.rungAtMs = 0;
    this.reportedAtMs = 0;
  }

  look(): Promise<void> {
    return this.#agent.look();
  }

  degrade(instance: string, drifted: number): void {
    this.#agent.degrade(instance, drifted);
  }

  #run(): void {
    this.#life = new AbortController();
    this.#agent.run(this.#life.signal).catch(this.#listener.onFailed);
  }

  #newAgent(): SimulatedAgent {
    const { hubUrl, applyMs } = this.#plan;
    const agent: SimulatedAgent = new SimulatedAgent({
      hubUrl,
      clusterName: `${this.#plan.namePrefix ?? 'bench'}-${String(this.#number).padStart(5, '0')}`,
      applyMs,
      onOpen: () => agent === this.#agent && this.#onOpen(),
      onClosed: () => agent === this.#agent && (this.isOpen = false),
      onRing: () => (this.rungAtMs ||= nowMs()),
      onReplaced: () => agent === this.#agent && this.#beginAnew(),
      onReported: (reports) => agent === this.#agent && this.#take(reports),
    });
    return agent;
  }

  #beginAnew(): void {
    this.kill();
    this.start();
  }

  #onOpen(): void {
    this.isOpen = true;
    this.openedAtMs = nowMs();
    this.#opened.resolve();
  }

  /** Settled: the hub has heard that each of its instances is well on the expected release or a later one. */
  #take(reports: readonly InstanceReport[]): void {
    const releases = this.#agent.releases;
    for (const { instance, sync, health } of reports) {
      const release = releases.get(instance);
      if (release !== undefined && sync === 'SYNCED' && health === 'HEALTHY')
        this.#reported.set(instance, release);
    }
    if (this.reportedAtMs > 0 || !this.#isSettled()) return;
    this.reportedAtMs = nowMs();
    this.#listener.onSettled();
  }

  #isSettled(): boolean {
    if (!this.#expectation) return false;
    const { release, instances } = this.#expectation;
    const known = this.instances;
    return known.length >= instances && known.every((one) => (this.#reported.get(one) ?? 0) >= release);
  }
}

function added(a: WireBytes, b: WireBytes): WireBytes {
  return { sent: a.sent + b.sent, received: a.received + b.received };
}
