// The second chapter: what should run, where, and in which order it gets there. All of it may be there already.
import { ENVIRONMENTS } from '../fleet-plan.ts';
import { APPLICATION, type Stage } from './stage.ts';

const POLICY = 'dev-to-prod';

const SOAK = '2s';
const BAKE = '1s';

/** Seconds where real life has hours, so that one can watch. */
const STEPS = [
  { environment: 'dev', trigger: 'AUTOMATIC' },
  { environment: 'staging', trigger: 'AUTOMATIC', gates: [{ soak: { environment: 'dev', duration: SOAK } }] },
  {
    environment: 'prod',
    trigger: 'AUTOMATIC',
    gates: [{ approval: { count: 1 } }],
    waves: [
      { name: 'canary', count: 1, bake: BAKE },
      { name: 'quarter', percent: 25, bake: BAKE },
      { name: 'rest', percent: 100 },
    ],
    onFailure: { rollback: 'ENVIRONMENT' },
  },
];

const SAVE_ENVIRONMENT = /* GraphQL */ `
  mutation SaveEnvironment($input: EnvironmentInput!) {
    saveEnvironment(input: $input) {
      refusal {
        code
        message
        reasons
      }
    }
  }
`;

const SAVE_POLICY = /* GraphQL */ `
  mutation SavePolicy($input: PolicyInput!) {
    savePolicy(input: $input) {
      refusal {
        code
        message
        reasons
      }
    }
  }
`;

const SAVE_REPOSITORY = /* GraphQL */ `
  mutation SaveRepository($input: RepositoryInput!) {
    saveRepository(input: $input) {
      refusal {
        code
        message
        reasons
      }
    }
  }
`;

const SAVE_APPLICATION = /* GraphQL */ `
  mutation SaveApplication($input: ApplicationInput!) {
    saveApplication(input: $input) {
      refusal {
        code
        message
        reasons
      }
    }
  }
`;

/** Saves environments, policy, repository and application. */
export async function describeDelivery({ api, narrator, repository, patienceMs }: Stage): Promise<void> {
  const tell = (what: string, work: () => Promise<string>) =>
    narrator.tell({ what, deadlineMs: patienceMs, work });

  await tell('the environments', async () => {
    for (const name of ENVIRONMENTS) {
      await api.change('saveEnvironment', SAVE_ENVIRONMENT, { input: { name, selector: `env=${name}` } });
    }
    const words = ENVIRONMENTS.map((name) => `${name} (env=${name})`);
    return `environments by label selector: ${words.join(', ')}`;
  });

  await tell('the promotion policy', async () => {
    await api.change('savePolicy', SAVE_POLICY, { input: { name: POLICY, steps: STEPS } });
    return `policy ${POLICY}: ${ENVIRONMENTS.join(' → ')}, each once the one before is verified; staging after a soak of ${SOAK}, prod with an approval and in waves`;
  });

  await tell('the application', async () => {
    await api.change('saveRepository', SAVE_REPOSITORY, { input: { url: repository.url } });
    const source = { repository: repository.url, ref: 'main', path: 'apps/shop/{{environment}}' };
    const input = { name: APPLICATION, namespace: APPLICATION, policy: POLICY, source };
    await api.change('saveApplication', SAVE_APPLICATION, { input });
    return `application ${APPLICATION}: ${source.path} of ${repository.url}`;
  });
}
