// The words of a policy, as GraphQL knows them.
import { registerEnumType } from '@nestjs/graphql';

export const TriggerEnum = { AUTOMATIC: 'AUTOMATIC', MANUAL: 'MANUAL' } as const;
export const SupersedeEnum = { LATEST_WINS: 'LATEST_WINS', IN_ORDER: 'IN_ORDER' } as const;
export const OfflineRuleEnum = {
  WAIT: 'WAIT',
  EXCLUDE_AND_CATCH_UP: 'EXCLUDE_AND_CATCH_UP',
  FAIL: 'FAIL',
} as const;
export const FreezeRuleEnum = { FINISH_WAVE: 'FINISH_WAVE', HALT: 'HALT', FINISH_ALL: 'FINISH_ALL' } as const;
export const RollbackScopeEnum = { NONE: 'NONE', WAVE: 'WAVE', ENVIRONMENT: 'ENVIRONMENT' } as const;
export const WeekdayEnum = {
  MON: 'MON',
  TUE: 'TUE',
  WED: 'WED',
  THU: 'THU',
  FRI: 'FRI',
  SAT: 'SAT',
  SUN: 'SUN',
} as const;

registerEnumType(TriggerEnum, {
  name: 'Trigger',
  description: 'What starts a promotion into an environment.',
  valuesMap: {
    AUTOMATIC: { description: 'Each new release gets a promotion by itself.' },
    MANUAL: { description: 'A person promotes.' },
  },
});
registerEnumType(SupersedeEnum, {
  name: 'Supersede',
  description: 'What becomes of releases that wait when a newer one may go.',
  valuesMap: {
    LATEST_WINS: { description: 'The newer one takes their place.' },
    IN_ORDER: { description: 'Each gets its turn.' },
  },
});
registerEnumType(OfflineRuleEnum, {
  name: 'OfflineRule',
  description: 'What an offline cluster means to its wave.',
  valuesMap: {
    WAIT: { description: 'The wave waits for it.' },
    EXCLUDE_AND_CATCH_UP: {
      description: 'It is left out of the count, and gets the release when it returns.',
    },
    FAIL: { description: 'It counts as failed.' },
  },
});
registerEnumType(FreezeRuleEnum, {
  name: 'FreezeRule',
  description: 'What a freeze that begins in the middle of a rollout stops.',
  valuesMap: {
    FINISH_WAVE: { description: 'The wave is finished; the next one waits.' },
    HALT: { description: 'No further cluster is touched.' },
    FINISH_ALL: { description: 'Nothing: the rollout is finished.' },
  },
});
registerEnumType(RollbackScopeEnum, {
  name: 'RollbackScope',
  description: 'How far a failed rollout is taken back.',
  valuesMap: {
    NONE: { description: 'Not at all.' },
    WAVE: { description: 'The clusters of the wave that failed.' },
    ENVIRONMENT: { description: 'All clusters of the environment.' },
  },
});
registerEnumType(WeekdayEnum, { name: 'Weekday', description: 'A day of the week.' });
