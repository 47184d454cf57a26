// Asks again whose credential is still good. The message that should have closed a socket may never have been heard: it
// is lost with its broker, and never sent by a process that dies right after the commit.
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Log } from '../logging/log.ts';
import { PubSub } from '../pubsub/pub-sub.ts';
import type { Principal } from './request-context.ts';
import { SocketRegistry } from './socket-registry.ts';

const CHECK_EVERY_MS = 30_000;
// An answer that takes longer than a statement may will never come: its connection is dead.
const MOST_SKIPPED = 2;

/** How principals of one kind are judged, and what is said to those who may not go on. */
export interface SocketJudge<P extends Principal> {
  readonly matches: (principal: Principal) => principal is P;
  /** Who of these, all of whom had their sockets before this is asked, may not be connected any more. */
  readonly findEnded: (principals: readonly P[]) => Promise<readonly P[]>;
  /** What is remembered of credentials is not to be believed: messages may have been lost. Must not throw. */
  readonly forget: () => void;
  /** WebSocket close code, and the reason that goes with it. */
  readonly code: number;
  readonly reason: string;
}

/** One per process. */
@Injectable()
export class SocketCheck implements OnModuleInit, OnApplicationShutdown {
  private readonly checks: ((isResync: boolean) => Promise<void>)[] = [];
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
    let [asking, skipped] = [0, 0];
    this.checks.push(async (isResync) => {
      // A database that is slow is not asked again and again; but what a resync asks is newer than what is asked now.
      if (asking > 0 && !isResync && skipped < MOST_SKIPPED) return void (skipped += 1);
      [asking, skipped] = [asking + 1, 0];
      try {
        await this.check(judge, isResync);
      } finally {
        asking -= 1;
      }
    });
  }

  private checkAll(isResync: boolean): void {
    for (const check of this.checks) void check(isResync);
  }

  /** Never rejects. */
  private async check<P extends Principal>(judge: SocketJudge<P>, isResync: boolean): Promise<void> {
    try {
      if (isResync) judge.forget();
      const asked = this.registry.principals().filter(judge.matches);
      if (asked.length === 0) return;
      // Principals, not names: whoever comes in while this is read is newer than the answer.
      const ended = new Set<Principal>(await judge.findEnded(asked));
      if (ended.size > 0) this.close(judge, ended);
    } catch (error) {
      this.log.warn('open sockets could not be checked; that is tried again in half a minute', { error });
    }
  }

  private close<P extends Principal>(judge: SocketJudge<P>, ended: ReadonlySet<Principal>): void {
    // Whoever comes back at once is looked up, too.
    judge.forget();
    const { code, reason } = judge;
    const sockets = this.registry.close((principal) => ended.has(principal), code, reason);
    if (sockets === 0) return;
    const names = [...new Set([...ended].map(({ name }) => name))].slice(0, 10);
    this.log.warn('sockets were open though no message had closed them', { sockets, names, code, reason });
  }
}
