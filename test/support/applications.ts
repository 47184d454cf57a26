// Saves environments, policies and applications through the API, for tests, and looks at what became of them.
import type { TestHub } from './hub.ts';

/** Why a source gave no release. */
export interface SourceErrorView {
  readonly code: string;
  readonly message: string;
}

/** A release, as tests look at it. */
export interface ReleaseView {
  readonly number: number;
  readonly commit: string;
  readonly author: string;
  readonly message: string;
  readonly bundles: { readonly nodes: readonly BundleView[] };
}

/** A bundle of a release. */
export interface BundleView {
  readonly digest: string;
  readonly objects: number;
  readonly environment: { readonly name: string };
}

/** An application with its newest release. */
export interface ApplicationView {
  readonly id: string;
  readonly name: string;
  readonly latestRelease: ReleaseView | null;
  readonly sourceError: SourceErrorView | null;
}

const releaseFields =
  'number commit author message bundles { nodes { digest objects environment { name } } }';
const applicationFields = `id name sourceError { code message } latestRelease { ${releaseFields} }`;

/** Environments `NAME` with the selector `env=NAME`, and one policy over them in order. */
export async function savePath(hub: TestHub, policy: string, environments: readonly string[]): Promise<void> {
  for (const name of environments) {
    await hub.graphql(
      'mutation ($input: EnvironmentInput!) { saveEnvironment(input: $input) { refusal { code } } }',
      {
        input: { name, selector: `env=${name}` },
      },
    );
  }
  await hub.graphql('mutation ($input: PolicyInput!) { savePolicy(input: $input) { refusal { code } } }', {
    input: { name: policy, steps: environments.map((environment) => ({ environment })) },
  });
}

/** Saves an application; throws what the API says against it. */
export async function saveApplication(
  hub: TestHub,
  input: {
    readonly name: string;
    readonly policy: string;
    readonly source: object;
    readonly namespace?: string;
  },
): Promise<void> {
  await hub.graphql(
    'mutation ($input: ApplicationInput!) { saveApplication(input: $input) { refusal { code } } }',
    {
      input,
    },
  );
}

/** Fetches and renders now. */
export async function refresh(hub: TestHub, name: string): Promise<ApplicationView> {
  const { refreshApplication } = await hub.graphql<{ refreshApplication: { application: ApplicationView } }>(
    `mutation ($name: String!) { refreshApplication(name: $name) { application { ${applicationFields} } } }`,
    { name },
  );
  return refreshApplication.application;
}

/** As it is now. */
export async function application(hub: TestHub, name: string): Promise<ApplicationView> {
  const found = await hub.graphql<{ application: ApplicationView }>(
    `query ($name: String!) { application(name: $name) { ${applicationFields} } }`,
    { name },
  );
  return found.application;
}
