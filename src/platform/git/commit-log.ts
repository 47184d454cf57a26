// How a range of commits is asked for and read. Fields end in NUL, which no commit can hold.
import type { CommitFacts } from './git-objects.ts';

/** What is told of a commit in a log: all but its tree. */
export type LoggedCommit = Omit<CommitFacts, 'tree'>;

const FIELDS = ['%H', '%an', '%ae', '%ct', '%B'];
/** Longer messages are cut: a list of commits is for people. */
const MAX_MESSAGE = 2_000;

/** The arguments that list what `to` has and `from` has not, the newest first. */
export function commitLogArguments(from: string, to: string, limit: number): string[] {
  return [
    'log',
    `--max-count=${limit}`,
    '--no-show-signature',
    '--no-color',
    `--format=${FIELDS.map((field) => `${field}%x00`).join('')}`,
    '--end-of-options',
    `${from}..${to}`,
    '--',
  ];
}

/** The commits that git told. */
export function parseCommitLog(output: string): LoggedCommit[] {
  const words = output.split('\0');
  const commits: LoggedCommit[] = [];
  for (let at = 0; at + FIELDS.length < words.length; at += FIELDS.length) {
    const [id = '', author = '', authorEmail = '', seconds = '', message = ''] = words.slice(at);
    commits.push({
      id: id.trim(),
      author,
      authorEmail,
      committedAt: new Date(Number(seconds) * 1_000),
      message: message.trimEnd().slice(0, MAX_MESSAGE),
    });
  }
  return commits;
}
