// What people ask of promotions: bring a release on, or go back to one that ran.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import { notFound } from '../platform/errors.ts';
import { refusable, refuse, Refused, type Refusal } from '../platform/refusal.ts';
import { ReleaseCommands } from '../releases/release-commands.ts';
import { revisionOf } from './current-steps.ts';
import { refuseForward, rollbackTarget, type RollbackFacts } from './domain/admission.ts';
import { isRunning, type Promotion } from './domain/promotion.ts';
import {
  PromotionFactsStore,
  type CurrentPolicy,
  type CurrentStep,
  type SlotNames,
} from './promotion-facts-store.ts';
import type { RenderedBundles } from './gate-reader.ts';
import { PromotionStarter } from './promotion-starter.ts';
import { PromotionStore, type NewPromotion } from './promotion-store.ts';
import { PromotionTransitions } from './promotion-transitions.ts';

/** Who asks, and the key under which the same request is made only once. */
interface Request {
  readonly application: string;
  readonly environment: string;
  readonly requestedBy: string;
  readonly idempotencyKey?: string | undefined;
}

export interface PromoteRequest extends Request {
  readonly release: number;
  readonly reason?: string | undefined;
}

export interface RollbackRequest extends Request {
  readonly toRelease?: number | undefined;
  readonly reason: string;
}

@Injectable()
export class PromotionCommands {
  constructor(
    private readonly database: Database,
    private readonly store: PromotionStore,
    private readonly facts: PromotionFactsStore,
    private readonly releases: ReleaseCommands,
    private readonly starter: PromotionStarter,
    private readonly transitions: PromotionTransitions,
  ) {}

  /**
   * Makes a PENDING promotion; it starts by itself once its gates pass. The same idempotency key answers with the
   * promotion that it made before. Throws NOT_FOUND for an unknown application, environment or release.
   */
  promote(request: PromoteRequest): Promise<Promotion | Refusal> {
    return refusable(() =>
      this.database.transaction(async (tx) => {
        const names = await this.slotOf(tx, request);
        const slot = await this.store.lockSlot(tx, names);
        const known = await this.known(tx, names, request);
        if (known) return known;
        const release = await this.facts.releaseByNumber(tx, names.applicationId, request.release);
        if (!release) throw notFound('Release', `${request.application}#${request.release}`);
        const open = await this.store.openPromotions(tx, names);
        const current = await this.facts.releaseById(tx, slot.currentReleaseId);
        const refusal = refuseForward({
          ...request,
          releaseId: release.id,
          slot,
          open,
          currentNumber: current?.number,
        });
        if (refusal) throw new Refused(refusal);
        const { policy, step } = await this.stepOf(tx, names);
        return this.create(tx, {
          ...base(request, names, policy, step),
          releaseId: release.id,
          intent: 'FORWARD',
          reason: request.reason ?? null,
          retryOfId: null,
          rollbackOfId: null,
        });
      }),
    );
  }

  /**
   * Cancels what runs in the slot and returns it to `toRelease`, or to the release verified here most recently other
   * than the current one. Skips the gates: it is how people get out of trouble. It starts before this answers.
   */
  async rollback(request: RollbackRequest): Promise<Promotion | Refusal> {
    const found = await refusable(() => this.database.transaction((tx) => this.findTarget(tx, request)));
    if ('code' in found) return found;
    const rendered = await this.releases.ensureBundles(found.releaseId, found.names.environmentId);
    if (rendered.bundles.size === 0 && rendered.errors.size > 0) return refuseUnrendered(request, rendered);
    return refusable(() =>
      this.database.transaction(async (tx) => {
        const slot = await this.store.lockSlot(tx, found.names);
        const known = await this.known(tx, found.names, request);
        if (known) return known;
        const running = await this.cancelRunning(tx, found, request);
        const { policy, step } = await this.stepOf(tx, found.names);
        const created = await this.create(tx, {
          ...base(request, found.names, policy, step),
          releaseId: found.releaseId,
          intent: 'ROLLBACK',
          reason: request.reason,
          retryOfId: null,
          rollbackOfId: running?.id ?? slot.currentPromotionId,
        });
        return this.starter.start(tx, created, rendered);
      }),
    );
  }

  private async findTarget(
    tx: Transaction,
    request: RollbackRequest,
  ): Promise<{ names: SlotNames; releaseId: bigint }> {
    const names = await this.slotOf(tx, request);
    const slot = await this.store.lockSlot(tx, names);
    const wanted = await this.wantedRelease(tx, names, request.toRelease);
    const lastVerified = await this.store.lastVerified(tx, names, slot.currentReleaseId);
    const wantedRanHere = wanted !== undefined && (await this.store.ranHere(tx, names, wanted));
    const facts = { ...request, wanted, wantedRanHere, lastVerified, slot } satisfies RollbackFacts;
    const target = rollbackTarget(facts);
    if (typeof target !== 'bigint') throw new Refused(target);
    return { names, releaseId: target };
  }

  private async wantedRelease(
    tx: Transaction,
    names: SlotNames,
    number?: number,
  ): Promise<bigint | undefined> {
    if (number === undefined) return undefined;
    const release = await this.facts.releaseByNumber(tx, names.applicationId, number);
    if (!release) throw notFound('Release', `${names.application}#${number}`);
    return release.id;
  }

  private async cancelRunning(
    tx: Transaction,
    { names }: { readonly names: SlotNames },
    { reason, requestedBy }: RollbackRequest,
  ): Promise<Promotion | undefined> {
    const open = await this.store.openPromotions(tx, names);
    const running = open.find((promotion) => isRunning(promotion.state));
    if (!running) return undefined;
    return this.transitions.apply(
      tx,
      running,
      { kind: 'CANCEL', reason: `Rolled back: ${reason}`, by: requestedBy },
      requestedBy,
    );
  }

  private async create(tx: Transaction, promotion: NewPromotion): Promise<Promotion> {
    const created = await this.store.create(tx, promotion);
    // The slot is locked and the key was looked up under the lock, so nobody can have been faster.
    if (!created)
      throw new Error(`Idempotency key ${promotion.idempotencyKey} appeared under the slot's lock.`);
    await this.transitions.created(tx, created);
    return created;
  }

  private known(
    tx: Transaction,
    names: SlotNames,
    { idempotencyKey }: Request,
  ): Promise<Promotion | undefined> {
    return idempotencyKey === undefined
      ? Promise.resolve(undefined)
      : this.store.byIdempotencyKey(tx, names, idempotencyKey);
  }

  private async slotOf(tx: Transaction, { application, environment }: Request): Promise<SlotNames> {
    const found = await this.facts.slotByNames(tx, application, environment);
    if (found.applicationId === undefined) throw notFound('Application', application);
    if (found.environmentId === undefined) throw notFound('Environment', environment);
    return {
      application,
      environment,
      applicationId: found.applicationId,
      environmentId: found.environmentId,
    };
  }

  private async stepOf(
    tx: Transaction,
    names: SlotNames,
  ): Promise<{ policy: CurrentPolicy; step: CurrentStep }> {
    const policy = await this.facts.policyOf(tx, names.applicationId);
    const step = policy?.steps.find((each) => each.environmentId === names.environmentId);
    if (!policy || !step) {
      const message = `The policy of ${names.application} has no step for ${names.environment}.`;
      throw new Refused(refuse('NOT_IN_POLICY', message));
    }
    return { policy, step };
  }
}

function refuseUnrendered(
  { application, environment }: RollbackRequest,
  { errors }: RenderedBundles,
): Refusal {
  const reasons = [...new Set([...errors.values()].map(({ message }) => message))];
  const message = `The release to return to cannot be rendered for any cluster of ${environment}, so ${application} stays as it is.`;
  return { ...refuse('CANNOT_BE_RENDERED', message), reasons: reasons.slice(0, 3) };
}

function base(request: Request, names: SlotNames, policy: CurrentPolicy, step: CurrentStep) {
  return {
    applicationId: names.applicationId,
    environmentId: names.environmentId,
    requestedBy: request.requestedBy,
    ...revisionOf(policy, step),
    idempotencyKey: request.idempotencyKey ?? null,
  };
}
