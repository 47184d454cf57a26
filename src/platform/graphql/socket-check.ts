// Asks again who may still be connected. Whatever should have cut a socket off may never have been heard: a message is
// lost with its broker, and never sent by a process that dies right after the commit.
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Log } from '../logging/log.ts';
import { PubSub } from '../pubsub/pub-sub.ts';
import type { Principal } from './request-context.ts';
import { SocketRegistry } from './socket-registry.ts';

const CHECK_EVERY_MS = 30_000;

/** How principals of one kind are judged, and what is said to those who may not go on. */
export interface SocketJudge<P extends Principal> {
  readonly matches: (principal: Principal) => principal is P;
  /** Who of these, all of whom had their sockets before this is asked, may not be connected any more. */
  readonly findEnded: (principals: readonly P[]) => Promise<readonly P[]>;
  /** Called before asking where messages may have been lost: what is remembered of credentials is not to be believed. */
  readonly forget: () => void;
  /** WebSocket close code, and the reason that goes with it. */
  readonly code: number;
  readonly reason: string;
}

/** One per process. */
@Injectable()
export class SocketCheck implements OnModuleInit, OnApplicationShutdown {
  private readonly checks: ((forgetting: boolean) => Promise<void>)[] = [];
  private readonly ends: (() => void)[] = [];

  constructor(
    private readonly registry: SocketRegistry,
    private readonly pubSub: PubSub,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    const resync = this.pubSub.onResync(() => this.checkAll(true));
    const timer = setInterval(() => this.checkAll(false), CHECK_EVERY_MS).unref();
    this.ends.push(resync, () => clearInterval(timer));
  }

  onApplicationShutdown(): void {
    for (const end of this.ends) end();
  }

  /** From now on the judge is asked every half minute, and whenever messages may have been lost. */
  add<P extends Principal>(judge: SocketJudge<P>): void {
    this.checks.push(async (forgetting) => {
      if (forgetting) judge.forget();
      await this.check(judge);
    });
  }

  private checkAll(forgetting: boolean): void {
    for (const check of this.checks) void check(forgetting);
  }

  private async check<P extends Principal>(judge: SocketJudge<P>): Promise<void> {
    const asked = this.registry.principals().filter(judge.matches);
    if (asked.length === 0) return;
    try {
      // Principals, not names: whoever comes in while this is read is newer than the answer.
      const ended = new Set<Principal>(await judge.findEnded(asked));
      if (ended.size > 0) this.registry.close((principal) => ended.has(principal), judge.code, judge.reason);
    } catch (error) {
      this.log.warn('whether open sockets may stay could not be read; it is asked again in half a minute', {
        sockets: asked.length,
        error,
      });
    }
  }
}
