import { describe, expect, it } from 'vitest';
import { Doorbell } from './doorbell.ts';

const nothing = (): void => undefined;

describe('a doorbell', () => {
  it('merges rings that come while nobody listens into the newest', async () => {
    const bell = new Doorbell(nothing);
    bell.ring(1);
    bell.ring(3);
    bell.ring(2);
    expect(await bell.next()).toEqual({ done: false, value: { generation: 3 } });
  });

  it('does not ring twice for one generation', async () => {
    const bell = new Doorbell(nothing);
    bell.ring(3);
    await bell.next();
    const next = bell.next();
    bell.ring(3);
    bell.ring(4);
    expect(await next).toEqual({ done: false, value: { generation: 4 } });
  });

  it('rings anew from the generation of a database that was restored', async () => {
    const bell = new Doorbell(nothing);
    bell.compare(7);
    await bell.next();
    bell.compare(5);
    expect(await bell.next()).toEqual({ done: false, value: { generation: 5 } });
    bell.ring(6);
    expect(await bell.next()).toEqual({ done: false, value: { generation: 6 } });
  });

  it('loses no ring to a look at the database that was made before it', async () => {
    const bell = new Doorbell(nothing);
    bell.ring(7);
    await bell.next();
    bell.ring(8);
    bell.compare(6);
    expect(await bell.next()).toEqual({ done: false, value: { generation: 8 } });
  });

  it('rings for generation 0: a new agent learns that the hub is there', async () => {
    const bell = new Doorbell(nothing);
    bell.ring(0);
    expect(await bell.next()).toEqual({ done: false, value: { generation: 0 } });
  });

  it('ends while it waits, and tells its owner once', async () => {
    let ends = 0;
    const bell = new Doorbell(() => (ends += 1));
    const waiting = bell.next();
    await bell.return();
    await bell.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(ends).toBe(1);
  });
});
