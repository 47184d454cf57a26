// The mark on every operation that says who may call it. The guard reads it; the start check misses none.
import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { CallerRule } from '../domain/caller-rule.ts';

/** Metadata key of an operation's or a resolver's rule. */
export const CALLER_RULE = 'fairlead:caller-rule';

/** On a method, or on a class for all its operations; a method's own wins. */
export function AllowedCallers(rule: CallerRule): CustomDecorator {
  return SetMetadata(CALLER_RULE, rule);
}
