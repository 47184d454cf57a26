// Agents that are killed at random and come back.
import { setTimeout as pause } from 'node:timers/promises';
import type { AgentSeat } from './agent-seat.ts';

const LONGEST_ABSENCE_MS = 5_000;

/** Begins at once; a killed agent lives again after at most 5 s. */
export class Churn {
  readonly #seats: readonly AgentSeat[];
  readonly #timer: NodeJS.Timeout;
  readonly #absent = new Map<AgentSeat, Promise<void>>();
  #kills = 0;

  constructor(seats: readonly AgentSeat[], everyMs: number) {
    this.#seats = seats;
    this.#timer = setInterval(() => this.#killOne(), everyMs);
  }

  /** How many were killed; resolves when all live. */
  async end(): Promise<number> {
    clearInterval(this.#timer);
    await Promise.all(this.#absent.values());
    return this.#kills;
  }

  #killOne(): void {
    const seat = this.#seats[Math.floor(Math.random() * this.#seats.length)];
    if (!seat || this.#absent.has(seat)) return;
    this.#kills += 1;
    seat.kill();
    this.#absent.set(seat, this.#bringBack(seat));
  }

  async #bringBack(seat: AgentSeat): Promise<void> {
    await pause(Math.random() * LONGEST_ABSENCE_MS);
    this.#absent.delete(seat);
    seat.start();
  }
}
