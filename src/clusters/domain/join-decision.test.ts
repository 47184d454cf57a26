import { describe, expect, it } from 'vitest';
import type { Cluster } from './cluster.ts';
import { decideJoin, type JoinRequest } from './join-decision.ts';
import type { JoinToken } from './join-token.ts';

const now = new Date('2026-03-01T12:00:00Z');

const token: JoinToken = {
  id: 1n,
  clusterName: 'prod-*',
  labels: {},
  maxUses: 2,
  uses: 0,
  autoAccept: true,
  replaces: null,
  createdBy: 'ada',
  createdAt: now,
  expiresAt: new Date(now.getTime() + 60_000),
  revokedAt: null,
};
const cluster: Cluster = {
  id: 7n,
  name: 'prod-1',
  labels: {},
  kubeSystemUid: 'uid-1',
  publicKey: 'key-1',
  joinTokenId: 1n,
  session: 3n,
  kubernetesVersion: null,
  agentVersion: null,
  acceptedAt: now,
  revokedAt: null,
  deletingSince: null,
  lastSeenAt: null,
  createdAt: now,
};
const fresh: JoinRequest = { clusterName: 'prod-2', kubeSystemUid: 'uid-2', publicKey: 'key-2' };
const same: JoinRequest = { clusterName: 'prod-1', kubeSystemUid: 'uid-1', publicKey: 'key-1' };

describe('a join with a good token', () => {
  it('makes a new cluster under the name that the agent says', () => {
    expect(decideJoin({ token, clusters: [] }, fresh, now)).toEqual({ kind: 'NEW', name: 'prod-2' });
  });

  it('takes the name from a token that binds one', () => {
    const bound = { ...token, clusterName: 'prod-2' };
    const decision = decideJoin({ token: bound, clusters: [] }, { ...fresh, clusterName: null }, now);
    expect(decision).toEqual({ kind: 'NEW', name: 'prod-2' });
  });

  it.each([
    ['are spent', { uses: 2 }],
    ['has expired', { expiresAt: now }],
  ])('answers again to the same key when the token %s', (_, change) => {
    const decision = decideJoin({ token: { ...token, ...change }, clusters: [cluster] }, same, now);
    expect(decision).toEqual({ kind: 'AGAIN', cluster, usesToken: false });
  });

  it('takes a cluster with its old key back by another token, which it uses', () => {
    const other = { ...token, id: 2n };
    const decision = decideJoin({ token: other, clusters: [cluster] }, { ...same, clusterName: null }, now);
    expect(decision).toEqual({ kind: 'AGAIN', cluster, usesToken: true });
  });

  it.each([
    ['a rebuilt cluster with another UID', 'uid-9'],
    ['a cluster that lost its key', 'uid-1'],
  ])('lets %s take the place that the token names', (_, kubeSystemUid) => {
    const replacing = { ...token, replaces: 'prod-1' };
    const request = { clusterName: 'prod-1', kubeSystemUid, publicKey: 'key-9' };
    const decision = decideJoin({ token: replacing, clusters: [cluster] }, request, now);
    expect(decision).toEqual({ kind: 'REPLACE', cluster });
  });
});

describe('a bad join', () => {
  const refusals: [
    string,
    string,
    Partial<JoinToken> | undefined,
    Partial<JoinRequest>,
    readonly Cluster[],
  ][] = [
    ['an expired token', 'JOIN_TOKEN_EXPIRED', { expiresAt: now }, {}, []],
    ['a used-up token', 'JOIN_TOKEN_USED_UP', { uses: 2 }, {}, []],
    ['a revoked token', 'JOIN_TOKEN_REVOKED', { revokedAt: now }, {}, []],
    ['a revoked token, though the key is known', 'JOIN_TOKEN_REVOKED', { revokedAt: now }, same, [cluster]],
    ['a name that the token is not for', 'CLUSTER_NAME_MISMATCH', {}, { clusterName: 'dev-1' }, []],
    ['no name where the token has a pattern', 'CLUSTER_NAME_REQUIRED', {}, { clusterName: null }, []],
    ['a name that is none', 'CLUSTER_NAME_INVALID', {}, { clusterName: 'prod-/..' }, []],
    ['the name of another cluster', 'CLUSTER_NAME_TAKEN', {}, { clusterName: 'prod-1' }, [cluster]],
    ['a known UID with another key', 'CLUSTER_KEY_MISMATCH', {}, { kubeSystemUid: 'uid-1' }, [cluster]],
    [
      'a known UID when another cluster is replaced',
      'CLUSTER_KEY_MISMATCH',
      { replaces: 'prod-2' },
      { kubeSystemUid: 'uid-1' },
      [cluster],
    ],
    ['the key of another cluster', 'CLUSTER_KEY_MISMATCH', {}, { publicKey: 'key-1' }, [cluster]],
    [
      'its own key under another name',
      'CLUSTER_NAME_MISMATCH',
      {},
      { ...same, clusterName: 'prod-5' },
      [cluster],
    ],
    [
      'its own key and a foreign token',
      'CLUSTER_NAME_MISMATCH',
      { id: 2n, clusterName: 'dev-*' },
      same,
      [cluster],
    ],
    [
      'its own key and another expired token',
      'JOIN_TOKEN_EXPIRED',
      { id: 2n, expiresAt: now },
      same,
      [cluster],
    ],
    ['the key of a revoked cluster', 'CLUSTER_REVOKED', {}, same, [{ ...cluster, revokedAt: now }]],
  ];

  it.each(refusals)('with %s is refused as %s', (_, code, ...given) => {
    const [tokenChange, requestChange, clusters] = given;
    const facts = { token: { ...token, ...tokenChange }, clusters };
    expect(decideJoin(facts, { ...fresh, ...requestChange }, now)).toMatchObject({ kind: 'REFUSED', code });
  });

  it('with an unknown token is refused as such', () => {
    expect(decideJoin({ token: undefined, clusters: [cluster] }, same, now)).toMatchObject({
      code: 'JOIN_TOKEN_UNKNOWN',
    });
  });
});
