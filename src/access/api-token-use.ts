// When each API token was last used: kept in memory and written in batches, so that no request costs a write.
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Log } from '../platform/logging/log.ts';
import { ApiTokenStore } from './api-token-store.ts';

const FLUSH_EVERY_MS = 10_000;

@Injectable()
export class ApiTokenUse implements OnApplicationBootstrap, OnApplicationShutdown {
  private uses = new Map<bigint, Date>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly tokens: ApiTokenStore,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.flush(), FLUSH_EVERY_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  note(tokenId: bigint, at: Date): void {
    this.uses.set(tokenId, at);
  }

  /** What a flush could not write is only a display's worth: it is logged and dropped. */
  async flush(): Promise<void> {
    if (this.uses.size === 0) return;
    const uses = [...this.uses];
    this.uses = new Map();
    try {
      await this.tokens.touch(uses);
    } catch (error) {
      this.log.warn('the last use of API tokens was not stored', { tokens: uses.length, error });
    }
  }
}
