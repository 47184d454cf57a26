// The words of a policy, as GraphQL knows them.
import { registerEnumType } from '@nestjs/graphql';

export const TriggerEnum = { AUTOMATIC: 'AUTOMATIC', MANUAL: 'MANUAL' } as const;

registerEnumType(TriggerEnum, {
  name: 'Trigger',
  description: 'What starts a promotion into an environment.',
  valuesMap: {
    AUTOMATIC: { description: 'Each new release gets a promotion by itself.' },
    MANUAL: { description: 'A person promotes.' },
  },
});
