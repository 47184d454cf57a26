import { describe, expect, it } from 'vitest';
import type { UserPrincipal } from './caller.ts';
import { judgeCaller, type CallerRule } from './caller-rule.ts';

const now = new Date('2026-03-01T12:00:00Z');
const viewer: UserPrincipal = {
  kind: 'user',
  name: 'laptop',
  user: 'ada',
  role: 'VIEWER',
  emails: [],
  tokenId: 1n,
  validUntil: undefined,
};
const agent = { kind: 'agent', name: 'prod-1' };
const needs = (role: 'VIEWER' | 'OPERATOR' | 'ADMIN'): CallerRule => ({ callers: 'people', role });

describe('who may call', () => {
  it.each([
    ['a public operation without a token', { callers: 'public' } as const, undefined],
    ['what viewers may, as a viewer', needs('VIEWER'), viewer],
    ['what viewers may, as an administrator', needs('VIEWER'), { ...viewer, role: 'ADMIN' as const }],
    ['an agents’ operation, as an agent', { callers: 'agents' } as const, agent],
  ])('%s is let in', (_, rule, caller) => {
    expect(judgeCaller(rule, caller, 'thing', now)).toBeUndefined();
  });

  it('a role too low is told which it needs and which it has', () => {
    expect(judgeCaller(needs('ADMIN'), viewer, 'revokeCluster', now)).toEqual({
      code: 'FORBIDDEN',
      message: 'revokeCluster needs the role ADMIN; the token "laptop" of ada has the role VIEWER.',
    });
  });

  it('an agent may not do what people do, nor a person what agents do', () => {
    expect(judgeCaller(needs('VIEWER'), agent, 'clusters', now)).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('agent of cluster "prod-1"'),
    });
    expect(judgeCaller({ callers: 'agents' }, viewer, 'agentHello', now)).toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it('nobody is asked for a token', () => {
    expect(judgeCaller(needs('VIEWER'), undefined, 'clusters', now)).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('a token that expired while its socket stayed open is worth nothing', () => {
    const caller = { ...viewer, validUntil: now };
    expect(judgeCaller(needs('VIEWER'), caller, 'clusters', now)).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
