// A process full of simulated agents, forked by SimulatedFleet; ends when its parent does.
import { setTimeout as pause } from 'node:timers/promises';
import { AgentSeat } from './agent-seat.ts';
import { Churn } from './churn.ts';
import {
  nowMs,
  type Expectation,
  type FleetNews,
  type FleetOrder,
  type FleetPlan,
} from './fleet-messages.ts';

const JOINS_AT_ONCE = 8;

const seats: AgentSeat[] = [];
let unsettled = 0;
let churn: Churn | undefined;

function tell(news: FleetNews): void {
  // A benchmark that is gone hears nothing more; its end is ours, by the closed channel.
  process.send?.(news, () => undefined);
}

function fail(error: unknown): void {
  tell({ kind: 'FAILED', message: error instanceof Error ? error.message : String(error) });
}

async function join(plan: FleetPlan): Promise<void> {
  const numbers = Array.from({ length: plan.count }, (_, index) => plan.firstNumber + index);
  const worker = async () => {
    for (let next = numbers.shift(); next !== undefined; next = numbers.shift()) {
      const seat = new AgentSeat(plan, next, { onSettled: settle, onFailed: fail });
      await seat.enrol();
      seats.push(seat);
      await seat.opened;
    }
  };
  await Promise.all(Array.from({ length: JOINS_AT_ONCE }, worker));
  await tellConnected();
}

async function tellConnected(): Promise<void> {
  await Promise.all(seats.map(({ opened }) => opened));
  tell({ kind: 'CONNECTED' });
}

function tellDoorbells(): void {
  const openedAtMs = seats.filter(({ isOpen }) => isOpen).map((seat) => seat.openedAtMs);
  tell({ kind: 'DOORBELLS', openedAtMs });
}

async function startAll(withinMs: number): Promise<void> {
  await Promise.all(
    seats.map(async (seat) => {
      await pause(Math.random() * withinMs);
      seat.start();
    }),
  );
  await tellConnected();
}

async function look(share: number, withinMs: number): Promise<void> {
  const some = seats.filter(() => Math.random() < share);
  await Promise.all(
    some.map(async (seat) => {
      await pause(Math.random() * withinMs);
      await seat.look();
    }),
  );
}

function settle(): void {
  unsettled -= 1;
  if (unsettled > 0) return;
  const [rungAtMs, reportedAtMs] = [seats.map((one) => one.rungAtMs), seats.map((one) => one.reportedAtMs)];
  tell({ kind: 'SETTLED', rungAtMs, reportedAtMs });
}

function expect(expectation: Expectation): void {
  unsettled = seats.length;
  for (const seat of seats) seat.expect(expectation);
  tell({ kind: 'EXPECTING' });
}

async function changeHealth(withinMs: number, drifted: number): Promise<void> {
  const atMs: Record<string, number> = {};
  const changes = seats.flatMap((seat) =>
    seat.instances.map(async (instance) => {
      await pause(Math.random() * withinMs);
      atMs[instance] = nowMs();
      seat.degrade(instance, drifted);
    }),
  );
  await Promise.all(changes);
  tell({ kind: 'CHANGED', atMs });
}

async function endChurn(): Promise<void> {
  tell({ kind: 'CALM', kills: (await churn?.end()) ?? 0 });
}

function countBytes(): void {
  const all = seats.map(({ bytes }) => bytes);
  const sum = (direction: 'sent' | 'received') => all.reduce((total, bytes) => total + bytes[direction], 0);
  tell({ kind: 'BYTES', sent: sum('sent'), received: sum('received') });
}

function countSettled(): void {
  tell({ kind: 'SETTLED_SO_FAR', agents: seats.filter(({ isSettled }) => isSettled).length });
}

function killAll(): void {
  for (const seat of seats) seat.kill();
  tell({ kind: 'KILLED' });
}

function stop(): never {
  process.exit(0);
}

type Doings = {
  readonly [Kind in FleetOrder['kind']]: (
    order: Extract<FleetOrder, { readonly kind: Kind }>,
  ) => void | Promise<void>;
};

/** What takes its time answers when it is done. */
const doings: Doings = {
  JOIN: ({ plan }) => join(plan),
  EXPECT: ({ expectation }) => expect(expectation),
  KILL_ALL: killAll,
  START_ALL: ({ withinMs }) => startAll(withinMs),
  ASK_DOORBELLS: tellDoorbells,
  COUNT_SETTLED: countSettled,
  LOOK: ({ share, withinMs }) => look(share, withinMs),
  CHANGE_HEALTH: ({ withinMs, drifted }) => changeHealth(withinMs, drifted),
  CHURN: ({ pace }) => void (churn = new Churn(seats, pace)),
  END_CHURN: endChurn,
  COUNT_BYTES: countBytes,
  STOP: stop,
};

async function obey(order: FleetOrder): Promise<void> {
  const doing: (order: never) => void | Promise<void> = doings[order.kind];
  await doing(order as never);
}

process.on('message', (order: FleetOrder) => void obey(order).catch(fail));
process.on('disconnect', stop);
// Ctrl-C reaches the whole group; the parent ends us in its own order.
process.on('SIGINT', () => undefined);
