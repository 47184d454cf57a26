// Join tokens: what a person allows a cluster that holds one.
import type { Labels } from './labels.ts';
import { isNamePattern, matchesNamePattern, namePatternProblem, nameProblem } from './resource-name.ts';

export interface JoinToken {
  readonly id: bigint;
  /** A name, or a pattern with `*`. */
  readonly clusterName: string;
  readonly labels: Labels;
  readonly maxUses: number;
  readonly uses: number;
  /** False: a person accepts the cluster before anything is assigned to it. */
  readonly autoAccept: boolean;
  /** The enrolled cluster whose place a rebuilt one takes. */
  readonly replaces: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
}

/** What a person asks for; `labels` were checked already. */
export interface JoinTokenRequest {
  readonly clusterName: string;
  readonly labels: Labels;
  readonly maxUses: number;
  readonly expiresInMs: number;
  readonly autoAccept: boolean;
  readonly replaces: string | null;
}

export const MAX_JOIN_TOKEN_USES = 10_000;
export const MAX_JOIN_TOKEN_LIFETIME_MS = 365 * 86_400_000;

/** Everything that is wrong with a request, at once; empty: it is good. */
export function joinTokenProblems(request: JoinTokenRequest): string[] {
  return [
    namePatternProblem(request.clusterName),
    usesProblem(request),
    lifetimeProblem(request.expiresInMs),
    ...replacesProblems(request),
  ].filter((problem) => problem !== undefined);
}

function usesProblem({ maxUses, clusterName }: JoinTokenRequest): string | undefined {
  if (maxUses < 1 || maxUses > MAX_JOIN_TOKEN_USES) {
    return `maxUses must be 1 to ${MAX_JOIN_TOKEN_USES}, not ${maxUses}.`;
  }
  if (maxUses === 1 || isNamePattern(clusterName)) return undefined;
  return `maxUses is ${maxUses}, but only one cluster can be called "${clusterName}"; use a pattern like "${clusterName}-*".`;
}

function lifetimeProblem(expiresInMs: number): string | undefined {
  if (expiresInMs >= 1_000 && expiresInMs <= MAX_JOIN_TOKEN_LIFETIME_MS) return undefined;
  return 'expiresIn must be between 1s and 365d.';
}

function replacesProblems({
  replaces,
  clusterName,
  labels,
  autoAccept,
}: JoinTokenRequest): (string | undefined)[] {
  if (replaces === null) return [];
  return [
    nameProblem('cluster', replaces),
    matchesNamePattern(clusterName, replaces)
      ? undefined
      : `replaces: the token is for "${clusterName}", which "${replaces}" is not; the rebuilt cluster keeps its name.`,
    Object.keys(labels).length === 0
      ? undefined
      : 'labels cannot be given together with replaces: the rebuilt cluster keeps the labels of the one that it replaces.',
    autoAccept
      ? undefined
      : 'autoAccept cannot be false together with replaces: naming the cluster accepts it.',
  ];
}

/** Whether a new cluster may still join with it. */
export function isActiveJoinToken(token: JoinToken, now: Date): boolean {
  return token.revokedAt === null && token.expiresAt > now && token.uses < token.maxUses;
}
