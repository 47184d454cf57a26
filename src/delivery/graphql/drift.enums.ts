// The words of drift, as GraphQL knows them: for what agents report, and for what people are shown of it.
import { registerEnumType } from '@nestjs/graphql';

export const DriftTypeEnum = { MODIFIED: 'MODIFIED', MISSING: 'MISSING', EXTRA: 'EXTRA' } as const;
export const ManagerClassEnum = {
  PERSON: 'PERSON',
  CONTROLLER: 'CONTROLLER',
  GITOPS: 'GITOPS',
  UNKNOWN: 'UNKNOWN',
} as const;
export const EpisodeEndEnum = {
  HEALED: 'HEALED',
  REVERTED: 'REVERTED',
  RELEASED: 'RELEASED',
  EXCEPTED: 'EXCEPTED',
  GONE: 'GONE',
} as const;

registerEnumType(DriftTypeEnum, {
  name: 'DriftType',
  description: 'How a field or an object differs from what the release says.',
  valuesMap: {
    MODIFIED: { description: 'It has another value.' },
    MISSING: { description: 'It is not there.' },
    EXTRA: { description: 'It is there, and nobody declared it.' },
  },
});
registerEnumType(ManagerClassEnum, {
  name: 'ManagerClass',
  description: 'What sort of writer a field manager is.',
  valuesMap: {
    PERSON: { description: 'A person with kubectl, a console, or the like.' },
    CONTROLLER: { description: 'A controller of the cluster.' },
    GITOPS: { description: 'Another deployment tool.' },
    UNKNOWN: { description: 'Cannot be told: a field that was removed keeps nobody’s name.' },
  },
});
registerEnumType(EpisodeEndEnum, {
  name: 'EpisodeEnd',
  description: 'How a difference ended.',
  valuesMap: {
    HEALED: { description: 'The agent put it back.' },
    REVERTED: { description: 'Somebody else put it back.' },
    RELEASED: { description: 'Another release or setting made it no difference.' },
    EXCEPTED: { description: 'It was accepted.' },
    GONE: { description: 'The object or its instance is no longer kept.' },
  },
});
