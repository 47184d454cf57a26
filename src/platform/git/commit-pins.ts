// Keeps commits of a mirror for good: a ref of ours names each, whatever happens to the branch that it came from.
import { Gathered } from '../gathered.ts';

/** Gives git the input of `update-ref -z --stdin`; its failure, or undefined. */
export type UpdateRefs = (input: string) => Promise<Error | undefined>;

// One git process for all commits of one moment; two at once would wait for the same lock file.
const GATHERED = { maxKeys: 200, atOnce: 1 };
/** The applications of a repository pin the same commit at about the same time; older ones are pinned again at the price of a process. */
const REMEMBERED = 1_000;

/** One per mirror. By commit, so that all applications share the ref, and of two processes none takes it away. */
export class CommitPins {
  private readonly updateRefs: UpdateRefs;
  private readonly pinned = new Set<string>();
  private readonly gathered = new Gathered<string, Error | undefined>((all) => this.pinAll(all), GATHERED);

  constructor(updateRefs: UpdateRefs) {
    this.updateRefs = updateRefs;
  }

  /** Rejects where git refuses. */
  async pin(commit: string): Promise<void> {
    if (this.pinned.has(commit)) return;
    const fault = await this.gathered.ask(commit);
    if (fault) throw fault;
    this.pinned.add(commit);
    for (const oldest of this.pinned) {
      if (this.pinned.size <= REMEMBERED) return;
      this.pinned.delete(oldest);
    }
  }

  /** The mirror is a new one. */
  forget(): void {
    this.pinned.clear();
  }

  /** The fault of each; one that git refuses must not hold up the others of its moment. */
  private async pinAll(asked: readonly string[]): Promise<(Error | undefined)[]> {
    const commits = [...new Set(asked)];
    const fault = await this.updateRefs(commits.map(toInput).join(''));
    if (!fault || commits.length === 1) return asked.map(() => fault);
    const faults = new Map<string, Error | undefined>();
    for (const commit of commits) faults.set(commit, await this.updateRefs(toInput(commit)));
    return asked.map((commit) => faults.get(commit));
  }
}

function toInput(commit: string): string {
  return `update refs/fairlead/commit/${commit}\0${commit}\0\0`;
}
