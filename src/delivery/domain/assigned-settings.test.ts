import { describe, expect, it } from 'vitest';
import { assignedSettings } from './assigned-settings.ts';

describe('the settings of an assignment', () => {
  it('take every default where the application says nothing', () => {
    expect(assignedSettings({ namespace: null, syncPolicy: {} }, 'dev')).toEqual({
      namespace: 'default',
      syncPolicy: { prune: true, drift: 'HEAL', ignore: [], pruneLimitPercent: 50, adopt: false },
    });
  });

  it("carry the environment's own drift policy where it has one", () => {
    const application = {
      namespace: 'shop',
      syncPolicy: { drift: 'HEAL', environments: [{ environment: 'dev', drift: 'REPORT' }] },
    } as const;
    expect(assignedSettings(application, 'dev').syncPolicy.drift).toBe('REPORT');
    expect(assignedSettings(application, 'prod').syncPolicy.drift).toBe('HEAL');
  });

  it('leave out members of an ignore rule that were not given', () => {
    const syncPolicy = { ignore: [{ kind: 'Deployment', path: 'spec.replicas', name: null }] };
    expect(assignedSettings({ namespace: null, syncPolicy }, 'dev').syncPolicy.ignore).toEqual([
      { kind: 'Deployment', path: 'spec.replicas' },
    ]);
  });
});
