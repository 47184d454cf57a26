// Brings what agents are told of exceptions in line with those in force: for the instances that an exception concerns,
// for new instances, and for those of clusters whose labels changed. Set-based, in parts, and the same writes nothing.
import { Injectable } from '@nestjs/common';
import { DeliveryCommands } from '../delivery/delivery-commands.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import { encodeId } from '../platform/graphql/opaque-id.ts';
import { exceptionsFor, type DriftException } from './domain/exception.ts';
import { ExceptionStore, type ExceptionReach, type InstanceExceptions } from './exception-store.ts';

/** Each part locks its clusters for as short as it can. */
const PART = 1_000;

@Injectable()
export class ExceptionSpreading {
  constructor(
    private readonly database: Database,
    private readonly store: ExceptionStore,
    private readonly delivery: DeliveryCommands,
  ) {}

  /** The instances that the exception concerns, or did. Items that opened while its agents did not know of it are noted. */
  async ofException(id: bigint): Promise<void> {
    const [exception] = await this.store.byIds([id]);
    if (!exception) return;
    await this.spread({ exception, publicId: publicIdOf(exception) });
    if (exception.endedAt !== null) return;
    await this.database.transaction((tx) => this.store.markItems(tx, exception));
  }

  async ofInstances(reach: Exclude<ExceptionReach, { readonly exception: unknown }>): Promise<void> {
    await this.spread(reach);
  }

  /** Whether any exception is in force: while none is, what comes and changes needs no look. */
  isNeeded(): Promise<boolean> {
    return this.store.anyInForce();
  }

  private async spread(reach: ExceptionReach): Promise<void> {
    let after: bigint | undefined = 0n;
    while (after !== undefined) after = await this.spreadPart(reach, after);
  }

  /** Answers where the next part begins. */
  private spreadPart(reach: ExceptionReach, after: bigint): Promise<bigint | undefined> {
    return this.database.transaction(async (tx) => {
      await this.store.lockSpreading(tx);
      const instances = await this.store.reached(tx, reach, { after, limit: PART });
      await this.write(tx, instances);
      return instances.length < PART ? undefined : instances.at(-1)?.id;
    });
  }

  private async write(tx: Transaction, instances: readonly InstanceExceptions[]): Promise<void> {
    const inForce = (await this.store.inForce(tx)).map((exception) => ({
      ...exception,
      publicId: publicIdOf(exception),
    }));
    await this.delivery.assignExceptions(
      tx,
      instances.map((instance) => ({
        instanceId: instance.id,
        exceptions: exceptionsFor(instance, inForce),
      })),
    );
  }
}

function publicIdOf({ id }: DriftException): string {
  return encodeId('drift exception', id);
}
