// Rows that drift refers to, each read once for a whole page.
import { DeliveryQueries } from '../../delivery/delivery-queries.ts';
import type { Instance } from '../../delivery/domain/instance.ts';
import { AppError } from '../../platform/errors.ts';
import type { RequestContext } from '../../platform/graphql/request-context.ts';

/** CONFLICT where it was removed between the two reads. */
export async function loadInstance(
  context: RequestContext,
  delivery: DeliveryQueries,
  id: bigint,
): Promise<Instance> {
  const loader = context.loader('drift instance', async (ids: readonly bigint[]) => {
    const found = new Map((await delivery.byIds(ids)).map((instance) => [instance.id, instance]));
    return ids.map((each) => found.get(each));
  });
  const instance = await loader.load(id);
  if (!instance)
    throw new AppError('CONFLICT', 'The instance was removed while it was being read; read again.');
  return instance;
}
