// What lies between two commits never changes: the applications of one repository, which all ask for the same when a
// commit comes, share one git process and its answer.
import type { LoggedCommit } from './commit-log.ts';

/** Few: with each commit comes another range, and a range of many commits is not small. */
const REMEMBERED = 4;

/** Asks git. */
export type ReadRange = (from: string, to: string, limit: number) => Promise<readonly LoggedCommit[]>;

/** One per mirror. */
export class CommitRanges {
  private readonly read: ReadRange;
  private readonly ranges = new Map<string, Promise<readonly LoggedCommit[]>>();

  constructor(read: ReadRange) {
    this.read = read;
  }

  /** Rejects where git fails, and asks it again the next time; so it does where there was nothing yet. */
  async between(from: string, to: string, limit: number): Promise<readonly LoggedCommit[]> {
    const key = `${from} ${to} ${limit}`;
    const range = this.ranges.get(key) ?? this.remember(key, this.read(from, to, limit));
    try {
      const commits = await range;
      if (commits.length === 0) this.ranges.delete(key);
      return commits;
    } catch (error) {
      this.ranges.delete(key);
      throw error;
    }
  }

  private remember(key: string, range: Promise<readonly LoggedCommit[]>): Promise<readonly LoggedCommit[]> {
    for (const oldest of this.ranges.keys()) {
      if (this.ranges.size < REMEMBERED) break;
      this.ranges.delete(oldest);
    }
    this.ranges.set(key, range);
    return range;
  }
}
