import { describe, expect, it } from 'vitest';
import type { ClosedDrift, OpenDrift } from '../../delivery/domain/drift-report.ts';
import { driftEvents } from './drift-event.ts';

const instance = { application: 'shop', environment: 'prod', cluster: 'eu-1' };
const drift = (path: string, change: Partial<ClosedDrift> = {}): ClosedDrift => ({
  episode: path,
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  path,
  type: 'MODIFIED',
  desired: null,
  live: null,
  masked: false,
  manager: 'kubectl-edit',
  managerClass: 'PERSON',
  operation: '',
  subresource: '',
  changedAt: null,
  firstSeenAt: new Date(0),
  healedCount: 0,
  contested: false,
  excepted: null,
  closedAt: new Date(0),
  closedBy: 'HEALED',
  ...change,
});
const events = (parts: {
  opened?: readonly OpenDrift[];
  contested?: readonly OpenDrift[];
  passed?: readonly ClosedDrift[];
  closed?: readonly ClosedDrift[];
}) => driftEvents(instance, { opened: [], contested: [], passed: [], closed: [], ...parts });

describe('events of drift', () => {
  it('name who changed what, once for all fields of a report', () => {
    const opened = ['spec.a', 'spec.b', 'spec.c', 'spec.d', 'spec.e'].map((path) => drift(path));
    expect(events({ opened })).toMatchObject([
      {
        kind: 'drift.opened',
        ...instance,
        message: expect.stringContaining(
          'kubectl-edit changed Deployment shop/web spec.a, Deployment shop/web spec.b, Deployment shop/web spec.c and 2 more.',
        ),
        data: { count: 5, managers: ['kubectl-edit'] },
      },
    ]);
  });

  it('are not made of what controllers change: nobody would read them any more', () => {
    expect(events({ opened: [drift('spec.replicas', { managerClass: 'CONTROLLER' })] })).toEqual([]);
  });

  it('tell a change that was healed before the next report as both', () => {
    expect(events({ passed: [drift('spec.replicas')] }).map(({ kind }) => kind)).toEqual([
      'drift.opened',
      'drift.healed',
    ]);
  });

  it('tell a fight with both of its sides', () => {
    const [event] = events({ contested: [drift('spec.replicas', { manager: 'hpa' })] });
    expect(event?.message).toContain('fairlead and hpa take Deployment shop/web spec.replicas');
  });

  it('do not call a healing what somebody put back', () => {
    expect(events({ closed: [drift('spec.replicas', { closedBy: 'REVERTED' })] })).toEqual([]);
  });
});
