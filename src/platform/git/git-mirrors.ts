// All mirrors of this process, one per address, each fetched by one at a time.
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { removeLostCredentials } from './git-environment.ts';
import { GitMirror, type FetchResult } from './git-mirror.ts';
import { GitSettings } from './git-settings.ts';
import { KeyedLock } from './keyed-lock.ts';
import type { RepositoryAccess } from './repository-access.ts';

/** A fetch that has not begun: whoever asks meanwhile shares it. */
interface WaitingFetch {
  readonly access: RepositoryAccess;
  readonly result: Promise<FetchResult>;
}

/** The door to Git. Faults of a repository are `SourceError`s with the code that the application shows. */
@Injectable()
export class GitMirrors implements OnModuleInit, OnModuleDestroy {
  private readonly mirrors = new Map<string, GitMirror>();
  private readonly fetches = new KeyedLock();
  private readonly waiting = new Map<string, WaitingFetch>();
  private readonly settings: GitSettings;

  constructor(settings: GitSettings) {
    this.settings = settings;
  }

  async onModuleInit(): Promise<void> {
    await removeLostCredentials(this.settings.folder, this.settings.fetchTimeoutMs);
  }

  /**
   * Clones or fetches, and answers what was there after the call. A second call for the same address waits for the
   * fetch that runs; a hundred of them share the next one.
   */
  fetch(access: RepositoryAccess): Promise<FetchResult> {
    const waiting = this.waiting.get(access.url);
    if (waiting && isDeepStrictEqual(waiting.access, access)) return waiting.result;
    const result = this.fetches.run(access.url, () => {
      if (this.waiting.get(access.url)?.result === result) this.waiting.delete(access.url);
      return this.fetchNow(access);
    });
    this.waiting.set(access.url, { access, result });
    return result;
  }

  /** The mirror for reading; what was never fetched has no commits. */
  mirror(url: string): GitMirror {
    const known = this.mirrors.get(url);
    if (known) return known;
    // A digest, because an address is no file name.
    const name = createHash('sha256').update(url).digest('hex').slice(0, 32);
    const mirror = new GitMirror(url, path.join(this.settings.folder, `${name}.git`), this.settings);
    this.mirrors.set(url, mirror);
    return mirror;
  }

  private async fetchNow(access: RepositoryAccess): Promise<FetchResult> {
    await mkdir(this.settings.folder, { recursive: true, mode: 0o700 });
    return this.mirror(access.url).fetch(access);
  }

  onModuleDestroy(): void {
    for (const mirror of this.mirrors.values()) mirror.close();
  }
}
