// Agents that are killed at random and come back.
import { setTimeout as pause } from 'node:timers/promises';
import type { AgentSeat } from './agent-seat.ts';
import type { ChurnPace } from './fleet-messages.ts';

/** Begins at once. */
export class Churn {
  readonly #seats: readonly AgentSeat[];
  readonly #absentMs: number;
  readonly #timer: NodeJS.Timeout;
  readonly #absent = new Map<AgentSeat, Promise<void>>();
  #kills = 0;

  constructor(seats: readonly AgentSeat[], { everyMs, absentMs }: ChurnPace) {
    this.#seats = seats;
    this.#absentMs = absentMs;
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
    await pause(Math.random() * this.#absentMs);
    this.#absent.delete(seat);
    seat.start();
  }
}
