import { describe, expect, it } from 'vitest';
import type { Clock } from '../clock.ts';
import { HubClock } from './hub-clock.ts';

const at = (nowMs: number): Clock => ({ now: () => nowMs, after: () => () => undefined });
const noon = Date.UTC(2026, 0, 1, 12);

describe("the hub's clock", () => {
  it('is the own one until the hub has answered', () => {
    expect(new HubClock(at(noon)).now()).toBe(noon);
  });

  it('follows the hub where the own clock is a day late', () => {
    const clock = new HubClock(at(noon - 86_400_000));
    clock.learn(new Date(noon).toUTCString());
    expect(clock.now()).toBe(noon);
  });

  it('says when the own clock shows a time of the hub, and that it has learnt of a difference', () => {
    let shifts = 0;
    const clock = new HubClock(at(noon + 86_400_000), () => (shifts += 1));
    clock.learn(new Date(noon).toUTCString());
    clock.learn(new Date(noon).toUTCString());
    expect([clock.toOwn(noon), shifts]).toEqual([noon + 86_400_000, 1]);
  });

  it('gives no cause to order anew where answers are slow and fast by turns', () => {
    let shifts = 0;
    const clock = new HubClock(at(noon), () => (shifts += 1));
    for (const underWayMs of [8_000, 0, 20_000, 0]) clock.learn(new Date(noon - underWayMs).toUTCString());
    expect([clock.now(), shifts]).toEqual([noon, 0]);
    for (const lateMs of [20_000, 40_000]) clock.learn(new Date(noon - lateMs).toUTCString());
    expect(shifts).toBe(1);
  });

  it('takes no notice of what is only the way of an answer, or is no date', () => {
    const clock = new HubClock(at(noon + 1_500));
    clock.learn(new Date(noon).toUTCString());
    clock.learn('yesterday');
    clock.learn(undefined);
    expect(clock.now()).toBe(noon + 1_500);
  });
});
