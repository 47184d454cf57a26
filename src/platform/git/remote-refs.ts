// What `git ls-remote --symref` answers, and which ref names a person may write.

/** The remote's refs. `digestText` is equal exactly when nothing moved. */
export interface RemoteRefs {
  /** `refs/heads/main`, where HEAD is a branch. */
  readonly headBranch: string | undefined;
  readonly head: string | undefined;
  readonly count: number;
  readonly digestText: string;
}

/** Reads the answer; lines that are no refs are passed over. */
export function parseRemoteRefs(output: string): RemoteRefs {
  const lines = output.split('\n').filter((line) => line.includes('\t'));
  const symbolic = lines.find((line) => line.startsWith('ref: ') && line.endsWith('\tHEAD'));
  const direct = lines.filter((line) => !line.startsWith('ref: '));
  return {
    headBranch: symbolic?.slice('ref: '.length, -'\tHEAD'.length),
    head: direct.find((line) => line.endsWith('\tHEAD'))?.split('\t')[0],
    count: direct.length,
    digestText: lines.join('\n'),
  };
}

/** What is wrong with a branch, tag or commit as a person wrote it; `undefined` where it may be looked up. */
export function refProblem(ref: string): string | undefined {
  if (ref === '') return 'A ref must not be empty.';
  if (ref.startsWith('-')) return `"${ref}" begins with "-", which no ref does.`;
  // The rules of git check-ref-format; revision expressions (HEAD~1, a:b, @{1}) fall under them as well.
  const forbidden = /[\s~^:?*[\\\p{Cc}]|\.\.|@\{|\/\/|\.lock(\/|$)|(^|\/)\.|[./]$|^\//u.test(ref);
  return forbidden ? `"${ref}" is no branch, tag or commit.` : undefined;
}

/** The names under which a ref is looked up, the first that exists wins: a branch before a tag before a commit. */
export function refCandidates(ref: string): string[] {
  if (ref === 'HEAD' || ref.startsWith('refs/heads/') || ref.startsWith('refs/tags/')) return [ref];
  const names = [`refs/heads/${ref}`, `refs/tags/${ref}`];
  return /^[0-9a-f]{7,64}$/.test(ref) ? [...names, ref] : names;
}
