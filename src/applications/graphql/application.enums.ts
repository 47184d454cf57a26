// The words of applications and repositories, as GraphQL knows them.
import { registerEnumType } from '@nestjs/graphql';

export const RendererEnum = { AUTO: 'AUTO', PLAIN: 'PLAIN', KUSTOMIZE: 'KUSTOMIZE', HELM: 'HELM' } as const;
export const DriftPolicyEnum = { HEAL: 'HEAL', REPORT: 'REPORT' } as const;
export const CredentialKindEnum = { NONE: 'NONE', BASIC: 'BASIC', SSH: 'SSH' } as const;

registerEnumType(RendererEnum, {
  name: 'Renderer',
  description: 'How a source becomes Kubernetes objects.',
  valuesMap: {
    AUTO: {
      description:
        'KUSTOMIZE where there is a kustomization, else HELM where there is a Chart.yaml, else PLAIN.',
    },
    PLAIN: { description: 'Every .yaml, .yml and .json file below the path.' },
    KUSTOMIZE: { description: 'kustomize build; remote bases are refused.' },
    HELM: { description: 'helm template of a chart in the repository.' },
  },
});
registerEnumType(DriftPolicyEnum, {
  name: 'DriftPolicy',
  description: 'What an agent does when someone changes what it applied.',
  valuesMap: {
    HEAL: { description: 'Puts it back.' },
    REPORT: { description: 'Only says so.' },
  },
});
registerEnumType(CredentialKindEnum, {
  name: 'CredentialKind',
  description: 'How the hub logs in to a repository.',
  valuesMap: {
    NONE: { description: 'Without a credential.' },
    BASIC: { description: 'By username and password or token.' },
    SSH: { description: 'By an SSH key.' },
  },
});
