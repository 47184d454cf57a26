// The closed words of promotions, as GraphQL shows them. Imported once, by the types that use them.
import { registerEnumType } from '@nestjs/graphql';

/** GraphQL enums want an object; the domain wants a union of words. Both come from the same list. */
function words<const Word extends string>(...list: readonly Word[]): { readonly [Key in Word]: Key } {
  return Object.fromEntries(list.map((word) => [word, word])) as { readonly [Key in Word]: Key };
}

export const PromotionStateEnum = words(
  ...(['PENDING', 'ROLLING', 'PAUSED', 'VERIFYING', 'SUCCEEDED', 'FAILED'] as const),
  ...(['REJECTED', 'CANCELLED', 'SUPERSEDED', 'EXPIRED'] as const),
);
export const PromotionIntentEnum = words('FORWARD', 'ROLLBACK', 'HOTFIX', 'REDEPLOY');
export const PromoteIntentEnum = words('FORWARD', 'HOTFIX', 'REDEPLOY');
export const WaveStateEnum = words('PENDING', 'IN_PROGRESS', 'BAKING', 'PASSED', 'FAILED', 'SKIPPED');
export const TargetStateEnum = words(
  ...(['PENDING', 'ASSIGNED', 'APPLYING', 'READY', 'BAKED', 'FAILED'] as const),
  ...(['TIMED_OUT', 'OFFLINE', 'SKIPPED', 'REMOVED'] as const),
);
export const WaitKindEnum = words(
  ...(['PROMOTION', 'SLOT', 'UPSTREAM', 'SOAK', 'APPROVAL', 'WINDOW', 'FREEZE', 'DEPENDENCY'] as const),
  ...(['CHECK', 'WEBHOOK', 'DRIFT', 'HOLD', 'CLUSTERS', 'APPLY', 'HEALTH', 'BAKE', 'VERIFICATION'] as const),
  ...(['OFFLINE', 'PAUSE', 'PRUNE', 'ADOPTION', 'SOURCE'] as const),
);
export const ChangeEnum = words('CREATED', 'CONFIGURED', 'DELETED');
export const VerdictEnum = words('PASSED', 'WAITING', 'FAILED', 'INCONCLUSIVE', 'OVERRIDDEN');

registerEnumType(PromotionStateEnum, {
  name: 'PromotionState',
  description:
    'Where a promotion stands. PENDING waits; ROLLING, PAUSED and VERIFYING hold the slot; the rest is over.',
});
registerEnumType(PromotionIntentEnum, {
  name: 'PromotionIntent',
  description:
    'FORWARD brings a release on, ROLLBACK returns to one that ran here, HOTFIX skips gates, REDEPLOY repeats.',
});
registerEnumType(PromoteIntentEnum, {
  name: 'PromoteIntent',
  description: 'How a person brings a release on; a rollback is made by `rollback`.',
});
registerEnumType(WaveStateEnum, { name: 'WaveState', description: 'Where a wave of clusters stands.' });
registerEnumType(TargetStateEnum, {
  name: 'TargetState',
  description: 'Where one cluster of a wave stands.',
});
registerEnumType(WaitKindEnum, { name: 'WaitKind', description: 'What something waits for.' });
registerEnumType(ChangeEnum, { name: 'Change', description: 'What a release would make of an object.' });
registerEnumType(VerdictEnum, { name: 'Verdict', description: 'What a gate says of a promotion.' });
