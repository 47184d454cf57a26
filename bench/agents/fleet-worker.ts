// A process full of simulated agents, forked by SimulatedFleet; ends when its parent does.
import type { InstanceReport } from '@fairlead/protocol/report';
import { nowMs, type FleetNews, type FleetOrder, type FleetPlan } from './fleet-messages.ts';
import { SimulatedAgent } from './simulated-agent.ts';

const JOINS_AT_ONCE = 8;

/** An agent and what is known of the release that is expected. */
interface Watched {
  readonly agent: SimulatedAgent;
  readonly reported: Map<string, number>;
  rungAtMs: number;
  reportedAtMs: number;
}

const ending = new AbortController();
const fleet: Watched[] = [];
let expectedRelease = Infinity;
let unsettled = 0;

function tell(news: FleetNews): void {
  process.send?.(news);
}

function fail(error: unknown): void {
  tell({ kind: 'FAILED', message: error instanceof Error ? error.message : String(error) });
}

async function join(plan: FleetPlan): Promise<void> {
  const numbers = Array.from({ length: plan.count }, (_, index) => plan.firstNumber + index);
  const worker = async () => {
    for (let next = numbers.shift(); next !== undefined; next = numbers.shift()) await enrol(plan, next);
  };
  await Promise.all(Array.from({ length: JOINS_AT_ONCE }, worker));
  tell({ kind: 'CONNECTED' });
}

/** Comes back when its doorbell is open for the first time. */
async function enrol({ hubUrl, joinToken, applyMs, namePrefix }: FleetPlan, number: number): Promise<void> {
  const { promise: opened, resolve: onOpen } = Promise.withResolvers<void>();
  const agent = new SimulatedAgent({
    hubUrl,
    clusterName: `${namePrefix ?? 'bench'}-${String(number).padStart(5, '0')}`,
    applyMs,
    onOpen,
    onRing: () => (watched.rungAtMs ||= nowMs()),
    onReported: (reports) => take(watched, reports),
  });
  const watched: Watched = { agent, reported: new Map(), rungAtMs: 0, reportedAtMs: 0 };
  await agent.join(joinToken);
  fleet.push(watched);
  agent.run(ending.signal).catch(fail);
  await opened;
}

/** An agent has settled once the hub has heard that each of its instances is well on the expected release or a later one. */
function take(watched: Watched, reports: readonly InstanceReport[]): void {
  const releases = watched.agent.releases;
  for (const { instance, sync, health } of reports) {
    const release = releases.get(instance);
    if (release !== undefined && sync === 'SYNCED' && health === 'HEALTHY')
      watched.reported.set(instance, release);
  }
  if (watched.reportedAtMs > 0 || !isSettled(watched)) return;
  watched.reportedAtMs = nowMs();
  unsettled -= 1;
  if (unsettled > 0) return;
  const [rungAtMs, reportedAtMs] = [fleet.map((one) => one.rungAtMs), fleet.map((one) => one.reportedAtMs)];
  tell({ kind: 'SETTLED', rungAtMs, reportedAtMs });
}

function isSettled({ agent, reported }: Watched): boolean {
  const instances = [...agent.releases.keys()];
  return instances.length > 0 && instances.every((one) => (reported.get(one) ?? 0) >= expectedRelease);
}

function expect(release: number): void {
  expectedRelease = release;
  unsettled = fleet.length;
  for (const watched of fleet) {
    watched.rungAtMs = 0;
    watched.reportedAtMs = 0;
  }
  tell({ kind: 'EXPECTING' });
}

function countBytes(): void {
  const all = fleet.map(({ agent }) => agent.bytes);
  const sum = (direction: 'sent' | 'received') => all.reduce((total, bytes) => total + bytes[direction], 0);
  tell({ kind: 'BYTES', sent: sum('sent'), received: sum('received') });
}

function stop(): void {
  ending.abort();
  process.exit(0);
}

function obey(order: FleetOrder): void {
  switch (order.kind) {
    case 'JOIN':
      join(order.plan).catch(fail);
      return;
    case 'EXPECT':
      expect(order.release);
      return;
    case 'COUNT_BYTES':
      countBytes();
      return;
    case 'STOP':
      stop();
  }
}

process.on('message', obey);
process.on('disconnect', stop);
// Ctrl-C reaches the whole group; the parent ends us in its own order.
process.on('SIGINT', () => undefined);
