// Writes the outcome of a look at a source: a release, nothing new, or a fault; each with its event, in one transaction.
import { Injectable } from '@nestjs/common';
import { ActivityLog, type NewEvent } from '../activity/activity-log.ts';
import type { Application } from '../applications/domain/application.ts';
import { Clock } from '../platform/clock.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import type { SourceError } from '../platform/source-error.ts';
import type { Release, RenderedInput } from './domain/release.ts';
import { ReleaseGit } from './release-git.ts';
import { ReleaseStore } from './release-store.ts';
import type { SourceLook } from './source-look.ts';
import { SourceStateStore } from './source-state-store.ts';

/** What a release consists of, and after which one it was decided. */
export interface ReleaseContent {
  readonly inputs: readonly RenderedInput[];
  readonly after: Release | undefined;
}

const ACTOR = 'fairlead';

@Injectable()
export class ReleaseWriter {
  constructor(
    private readonly database: Database,
    private readonly releases: ReleaseStore,
    private readonly states: SourceStateStore,
    private readonly activity: ActivityLog,
    private readonly git: ReleaseGit,
    private readonly clock: Clock,
  ) {}

  /** `undefined` where the application is gone, or another process made a release meanwhile: the next look decides anew. */
  async create(
    application: Application,
    look: SourceLook,
    content: ReleaseContent,
  ): Promise<Release | undefined> {
    // Before it is stored: a ref without its release is harmless, a release without its ref could lose its commit.
    await this.git.pin(look);
    const commits = await this.git.commitsSince(content.after, look);
    return this.database.transaction(async (tx) => {
      const number = await this.releases.lockNumber(tx, application.id);
      if (number === undefined || number !== (content.after?.number ?? 0) + 1) return undefined;
      const release = await this.releases.create(tx, number, {
        ...released(look),
        applicationId: application.id,
        inputs: content.inputs,
        commits,
      });
      await this.succeed(tx, application, look);
      await this.tellCreated(tx, application, release);
      return release;
    });
  }

  /** Clears the fault, if there was one, and remembers what was looked at. */
  unchanged(application: Application, look: SourceLook): Promise<void> {
    return this.database.transaction((tx) => this.succeed(tx, application, look));
  }

  /** The last good release stays. The same fault again is not told again. */
  fault(application: Pick<Application, 'id' | 'name'>, { code, message }: SourceError): Promise<void> {
    return this.database.transaction(async (tx) => {
      const isNew = await this.states.recordFault(tx, application.id, {
        code,
        message,
        at: this.clock.now(),
      });
      if (!isNew) return;
      const text = `The source of application "${application.name}" gave no release: ${message}`;
      await this.record(tx, application.name, {
        kind: 'application.source-failed',
        message: text,
        data: { code },
      });
    });
  }

  private async succeed(tx: Transaction, application: Application, look: SourceLook): Promise<void> {
    const seen = { commit: look.commit.id, sourceDigest: look.sourceDigest };
    const recovered = await this.states.recordSuccess(tx, application.id, seen);
    if (!recovered) return;
    const text = `The source of application "${application.name}" is good again at commit ${look.commit.id.slice(0, 12)}.`;
    const data = { commit: look.commit.id };
    await this.record(tx, application.name, { kind: 'application.source-recovered', message: text, data });
  }

  private async tellCreated(tx: Transaction, application: Application, release: Release): Promise<void> {
    const { id, number, commit, author, message } = release;
    const title = message.split('\n')[0]?.slice(0, 200) ?? '';
    const text = `Release ${number} of "${application.name}" was made from commit ${commit.slice(0, 12)} by ${author}: ${title}`;
    const data = { release: number, commit };
    await this.record(tx, application.name, { kind: 'release.created', message: text, data });
    const payload = { releaseId: `${id}`, applicationId: `${application.id}` };
    await this.activity.notify(tx, [{ topic: 'release.created', payload }]);
  }

  private record(
    tx: Transaction,
    application: string,
    event: Pick<NewEvent, 'kind' | 'message' | 'data'>,
  ): Promise<void> {
    return this.activity.record(tx, [{ ...event, actor: ACTOR, application }]);
  }
}

function released({ commit, source, sourceDigest }: SourceLook) {
  const { id, author, authorEmail, message, committedAt } = commit;
  return { commit: id, author, authorEmail, message, committedAt, source, sourceDigest };
}
