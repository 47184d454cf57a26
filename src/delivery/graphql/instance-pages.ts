// Pages of instances, with the cursors of the order that their filter has.
import { Injectable } from '@nestjs/common';
import { toConnection, type Connection, type PageArgs } from '../../platform/graphql/connection.ts';
import { decodeCursor } from '../../platform/graphql/cursor.ts';
import { DeliveryQueries } from '../delivery-queries.ts';
import { orderOf, positionOf, type InstanceFilter } from '../domain/instance.ts';
import { toInstanceType, type InstanceType } from './instance.type.ts';

@Injectable()
export class InstancePages {
  constructor(private readonly queries: DeliveryQueries) {}

  async of(filter: InstanceFilter, { first, after }: PageArgs): Promise<Connection<InstanceType>> {
    const position = decodeCursor(after, ['bigint', 'bigint', 'bigint']);
    const page = await this.queries.page(filter, first, position);
    const order = orderOf(filter);
    return toConnection(page, { node: toInstanceType, sortKey: (row) => positionOf(row, order) }, after);
  }
}
