// How a commit wakes the relay: within the process where it runs here, else by one message to the others.
import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Config, runsJobs } from '../platform/config/config.ts';
import { PubSub } from '../platform/pubsub/pub-sub.ts';

/** Rings of one process within this time become one message. */
const MERGE_MS = 20;

@Injectable()
export class OutboxBell implements OnModuleInit, OnModuleDestroy {
  readonly #name = randomUUID();
  readonly #listeners: (() => void)[] = [];
  #pending: NodeJS.Timeout | undefined;
  #unsubscribe: () => void = () => undefined;

  constructor(
    private readonly config: Config,
    private readonly pubSub: PubSub,
  ) {}

  onModuleInit(): void {
    if (runsJobs(this.config)) this.#unsubscribe = this.pubSub.subscribe('outbox.rung', () => this.#call());
  }

  onModuleDestroy(): void {
    this.#unsubscribe();
    clearTimeout(this.#pending);
  }

  onRing(listener: () => void): void {
    this.#listeners.push(listener);
  }

  ring(): void {
    if (runsJobs(this.config)) this.#call();
    else this.#pending ??= setTimeout(() => this.#tell(), MERGE_MS);
  }

  #tell(): void {
    this.#pending = undefined;
    void this.pubSub.publish('outbox.rung', { by: this.#name });
  }

  #call(): void {
    for (const listener of this.#listeners) listener();
  }
}
