// Reads the facts that the gates of one pending promotion are judged by, inside the caller's transaction.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import type { GateFacts } from './domain/gates.ts';
import type { PromotionNames } from './domain/promotion-event.ts';
import { isRunning, type Promotion } from './domain/promotion.ts';
import { PromotionFactsStore } from './promotion-facts-store.ts';
import { PromotionStore } from './promotion-store.ts';

/** What releases could render for a slot, by cluster. */
export interface RenderedBundles {
  readonly bundles: ReadonlyMap<bigint, string>;
  readonly errors: ReadonlyMap<bigint, { readonly code: string; readonly message: string }>;
}

@Injectable()
export class GateReader {
  constructor(
    private readonly store: PromotionStore,
    private readonly reader: PromotionFactsStore,
  ) {}

  names(tx: Transaction, promotion: Promotion): Promise<PromotionNames> {
    return this.reader.namesOf(tx, promotion);
  }

  async upstream(tx: Transaction, { releaseId, step }: Promotion): Promise<GateFacts['upstream']> {
    if (step.upstream.length === 0) return [];
    const verified = await this.store.verifiedIn(tx, releaseId, step.upstream);
    const existing = await this.reader.existing(tx, step.upstream);
    return step.upstream.map((environment) => ({
      environment,
      verified: verified.has(environment),
      exists: existing.has(environment),
    }));
  }

  /** Everything that `unmetGates` asks; without `rendered` the question of rendering is left out. */
  async facts(tx: Transaction, promotion: Promotion, rendered?: RenderedBundles): Promise<GateFacts> {
    const names = await this.reader.namesOf(tx, promotion);
    return {
      ...names,
      pendingSince: promotion.createdAt,
      upstream: await this.upstream(tx, promotion),
      holder: await this.holder(tx, promotion),
      clusters: await this.reader.instanceCount(tx, promotion),
      renderErrors: await this.renderErrors(tx, rendered),
    };
  }

  private async holder(tx: Transaction, promotion: Promotion): Promise<GateFacts['holder']> {
    const open = await this.store.openPromotions(tx, promotion);
    const running = open.find((other) => isRunning(other.state));
    if (!running) return undefined;
    const { release } = await this.reader.namesOf(tx, running);
    return { release, since: running.startedAt ?? running.createdAt };
  }

  private async renderErrors(
    tx: Transaction,
    rendered?: RenderedBundles,
  ): Promise<GateFacts['renderErrors']> {
    if (!rendered || rendered.errors.size === 0) return [];
    const names = await this.reader.clusterNames(tx, [...rendered.errors.keys()]);
    return [...rendered.errors].map(([id, { message }]) => ({
      cluster: names.get(id) ?? String(id),
      message,
    }));
  }
}
