// What the promotions module needs for history: commits, figures and previews.
import type { Provider } from '@nestjs/common';
import { PromotionCommitsResolver, SlotCommitsResolver } from '../graphql/commit-fields.resolver.ts';

/** Part of the module's providers. */
export const historyProviders: readonly Provider[] = [PromotionCommitsResolver, SlotCommitsResolver];
