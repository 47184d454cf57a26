import { describe, expect, it } from 'vitest';
import { assignedSettings, type ApplicationSettings, type StoredSyncPolicy } from './assigned-settings.ts';

const settings = (syncPolicy: StoredSyncPolicy): ApplicationSettings => ({
  namespace: null,
  serviceAccountName: null,
  syncPolicy,
  healthRules: null,
});

describe('the settings of an assignment', () => {
  it('take every default where the application says nothing', () => {
    expect(assignedSettings(settings({}), 'dev')).toEqual({
      namespace: 'default',
      syncPolicy: { prune: true, drift: 'HEAL', ignore: [], pruneLimitPercent: 50, adopt: false },
    });
  });

  it("carry the environment's own drift policy where it has one", () => {
    const application = settings({ drift: 'HEAL', environments: [{ environment: 'dev', drift: 'REPORT' }] });
    expect(assignedSettings(application, 'dev').syncPolicy.drift).toBe('REPORT');
    expect(assignedSettings(application, 'prod').syncPolicy.drift).toBe('HEAL');
  });

  it('name the ServiceAccount where the application does', () => {
    const application = { ...settings({}), serviceAccountName: 'deployer' };
    expect(assignedSettings(application, 'dev').serviceAccountName).toBe('deployer');
    expect(assignedSettings(settings({}), 'dev')).not.toHaveProperty('serviceAccountName');
  });

  it("carry the application's own health rules where it has any", () => {
    const healthRules = [{ group: 'shop.example', kinds: ['Order'], current: 'true' }];
    expect(assignedSettings({ ...settings({}), healthRules }, 'dev').healthRules).toEqual(healthRules);
    expect(assignedSettings(settings({}), 'dev')).not.toHaveProperty('healthRules');
  });

  it('leave out members of an ignore rule that were not given', () => {
    const syncPolicy = { ignore: [{ kind: 'Deployment', path: 'spec.replicas', name: null }] };
    expect(assignedSettings(settings(syncPolicy), 'dev').syncPolicy.ignore).toEqual([
      { kind: 'Deployment', path: 'spec.replicas' },
    ]);
  });
});
