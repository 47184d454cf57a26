// Explanations of slots, one batch per request: slots and instances ask for the same ones.
import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../../platform/graphql/request-context.ts';
import { slotId } from '../domain/slot-id.ts';
import { PromotionExplanations, type Explanation } from '../promotion-explanations.ts';
import type { SlotKey } from '../promotion-store.ts';

const NOTHING: Explanation = { waits: [], sentences: [] };

@Injectable()
export class SlotExplanations {
  constructor(private readonly explanations: PromotionExplanations) {}

  load(context: RequestContext, { applicationId, environmentId }: SlotKey): Promise<Explanation> {
    const batch = async (ids: readonly string[]): Promise<Explanation[]> => {
      const explained = await this.explanations.ofSlots(ids.map(toKey));
      return ids.map((id) => explained.get(id) ?? NOTHING);
    };
    const id = slotId({ applicationId, environmentId });
    return context.loader<string, Explanation>('promotions.slot-explanations', batch).load(id);
  }
}

function toKey(id: string): SlotKey {
  const [application = '', environment = ''] = id.split('/');
  return { applicationId: BigInt(application), environmentId: BigInt(environment) };
}
