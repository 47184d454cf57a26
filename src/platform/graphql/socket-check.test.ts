import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLog } from '../../../test/support/silent-log.ts';
import { PubSub, type Topic, type Topics } from '../pubsub/pub-sub.ts';
import { envelope, TopicListeners } from '../pubsub/topic-listeners.ts';
import type { Principal } from './request-context.ts';
import { SocketCheck } from './socket-check.ts';
import { SocketRegistry } from './socket-registry.ts';

interface Guest extends Principal {
  readonly kind: 'guest';
}

const isGuest = (principal: Principal): principal is Guest => principal.kind === 'guest';
const guest = (name: string): Guest => ({ kind: 'guest', name });

/** The fan-out of a single process. */
class OwnPubSub extends PubSub {
  readonly listeners = new TopicListeners(silentLog);

  override publish<T extends Topic>(topic: T, payload: Topics[T]): Promise<void> {
    return Promise.resolve(this.listeners.hear(envelope(topic, payload)));
  }

  override subscribe<T extends Topic>(topic: T, listener: (payload: Topics[T]) => void): () => void {
    return this.listeners.add(topic, listener);
  }

  override onResync(listener: () => void): () => void {
    return this.listeners.addResync(listener);
  }
}

let registry: SocketRegistry;
let pubSub: OwnPubSub;
let check: SocketCheck;
let closed: string[] = [];
let did: string[] = [];

function connect(principal: Principal): void {
  registry.add({
    principal,
    close: (code, reason) => void closed.push(`${principal.name}: ${code} ${reason}`),
  });
}

function judge(findEnded: (guests: readonly Guest[]) => Promise<readonly Guest[]>): void {
  check.add({
    matches: isGuest,
    findEnded: (guests) => {
      did.push('ask');
      return findEnded(guests);
    },
    forget: () => void did.push('forget'),
    code: 4999,
    reason: 'over',
  });
}

const halfMinute = () => vi.advanceTimersByTimeAsync(30_000);

beforeEach(() => {
  vi.useFakeTimers();
  [closed, did] = [[], []];
  registry = new SocketRegistry();
  pubSub = new OwnPubSub();
  check = new SocketCheck(registry, pubSub, silentLog);
  check.onModuleInit();
});
afterEach(() => {
  check.onApplicationShutdown();
  vi.useRealTimers();
});

describe('whether open sockets may stay', () => {
  it('is asked every half minute without being told, of those who are concerned alone', async () => {
    const asked: string[] = [];
    judge((guests) => {
      asked.push(...guests.map(({ name }) => name));
      return Promise.resolve(guests.filter(({ name }) => name === 'ended'));
    });
    for (const principal of [guest('ended'), guest('good'), { kind: 'other', name: 'ended' }])
      connect(principal);
    await halfMinute();
    expect(asked).toEqual(['ended', 'good']);
    expect(closed).toEqual(['ended: 4999 over']);
    // What is remembered would let it in again.
    expect(did).toEqual(['ask', 'forget']);
  });

  it('is told once of a socket, and of none that a message has closed meanwhile', async () => {
    const answers: PromiseWithResolvers<undefined>[] = [];
    judge(async (guests) => {
      const answer = Promise.withResolvers<undefined>();
      answers.push(answer);
      return answer.promise.then(() => guests);
    });
    const warned = vi.spyOn(silentLog, 'warn');
    connect(guest('cut off'));
    await halfMinute();
    pubSub.listeners.resync();
    for (const answer of answers) answer.resolve(undefined);
    await halfMinute();
    const fields = { sockets: 1, names: ['cut off'], code: 4999, reason: 'over' };
    expect(warned.mock.calls).toEqual([[expect.stringContaining('no message'), fields]]);
    expect(did).toEqual(['ask', 'forget', 'ask', 'forget', 'forget']);
    warned.mockRestore();
  });

  it('is asked at once where messages may have been lost, and nothing remembered is believed', async () => {
    judge((guests) => Promise.resolve(guests));
    connect(guest('ended'));
    pubSub.listeners.resync();
    await vi.advanceTimersByTimeAsync(0);
    expect(did.slice(0, 2)).toEqual(['forget', 'ask']);
    expect(closed).toEqual(['ended: 4999 over']);
  });

  it('says nothing of one who came while it was read, though of the same name', async () => {
    const answer = Promise.withResolvers<undefined>();
    judge(async (guests) => answer.promise.then(() => guests));
    connect(guest('cluster'));
    await halfMinute();
    connect(guest('cluster'));
    answer.resolve(undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect(closed).toEqual(['cluster: 4999 over']);
  });

  it('is asked again after it could not be read', async () => {
    let isAway = true;
    judge((guests) => (isAway ? Promise.reject(new Error('no database')) : Promise.resolve(guests)));
    connect(guest('ended'));
    await halfMinute();
    expect(closed).toEqual([]);
    isAway = false;
    await halfMinute();
    expect(closed).toEqual(['ended: 4999 over']);
  });

  it('is not asked again while the answer is awaited, but for a resync, or where it never comes', async () => {
    judge(() => new Promise(() => undefined));
    connect(guest('waiting'));
    for (let times = 0; times < 3; times += 1) await halfMinute();
    expect(did).toEqual(['ask']);
    pubSub.listeners.resync();
    await vi.advanceTimersByTimeAsync(0);
    expect(did).toEqual(['ask', 'forget', 'ask']);
    for (let times = 0; times < 3; times += 1) await halfMinute();
    expect(did).toEqual(['ask', 'forget', 'ask', 'ask']);
  });

  it('is not asked where nobody is connected, nor after the end', async () => {
    const findEnded = vi.fn((guests: readonly Guest[]) => Promise.resolve(guests));
    judge(findEnded);
    await halfMinute();
    connect(guest('ended'));
    check.onApplicationShutdown();
    await halfMinute();
    pubSub.listeners.resync();
    await vi.advanceTimersByTimeAsync(0);
    expect(findEnded).not.toHaveBeenCalled();
  });
});
