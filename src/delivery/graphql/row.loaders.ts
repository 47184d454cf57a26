// Rows of other features that instances refer to, each read once for a whole page.
import { AppError } from '../../platform/errors.ts';
import type { RequestContext } from '../../platform/graphql/request-context.ts';

/** How rows are read: `byIds` answers in the order of the ids. */
export interface RowLoad<Row> {
  readonly name: string;
  readonly byIds: (ids: readonly bigint[]) => Promise<readonly (Row | undefined)[]>;
}

/** A row that must be there; CONFLICT where it was deleted between the two reads. */
export async function loadRow<Row>(context: RequestContext, load: RowLoad<Row>, id: bigint): Promise<Row> {
  const row = await loadOptionalRow(context, load, id);
  if (!row)
    throw new AppError('CONFLICT', `The ${load.name} was deleted while it was being read; read again.`);
  return row;
}

/** `undefined` where the id is null or the row is gone. */
export async function loadOptionalRow<Row>(
  context: RequestContext,
  { name, byIds }: RowLoad<Row>,
  id: bigint | null,
): Promise<Row | undefined> {
  if (id === null) return undefined;
  return context.loader(`delivery ${name}`, byIds).load(id);
}
