// The payload of every mutation that answers with a promotion.
import { payloadOf, type Payload } from '../../platform/graphql/payload.ts';
import { PromotionType } from './promotion.type.ts';

export const PromotionPayload = payloadOf('PromotionPayload', 'promotion', PromotionType);
export type PromotionPayload = Payload<{ promotion: typeof PromotionType }>;
