// What would happen if a release were promoted now. The promotion is made in earnest, asked like any other, and undone:
// so a preview cannot say anything else than what `promote` would find.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../platform/database/database.ts';
import { notFound } from '../../platform/errors.ts';
import { refuse, type Refusal } from '../../platform/refusal.ts';
import { revisionOf } from '../current-steps.ts';
import { refuseForward } from '../domain/admission.ts';
import type { GateVerdict } from '../domain/gate-verdict.ts';
import { evaluateGates } from '../domain/gates.ts';
import { planWaves, wavesOf, type PlannedWave } from '../domain/plan-waves.ts';
import { GateReader, type RenderedBundles } from '../gate-reader.ts';
import { PromotionFactsStore, type ReleaseRef, type SlotNames } from '../promotion-facts-store.ts';
import { PromotionStore } from '../promotion-store.ts';
import { RolloutStore } from '../rollout-store.ts';
import { PreviewStore } from './preview-store.ts';

/** Which release should be promoted where, and who asks. */
export interface PreviewRequest {
  readonly application: string;
  readonly environment: string;
  readonly release: number;
  readonly requestedBy: string;
}

/** A release and the slot that it would enter. */
export interface PreviewSubject {
  readonly names: SlotNames;
  readonly release: ReleaseRef;
}

export interface Preview {
  /** Why it would not even be made; undefined: it would, and would start once its gates pass. */
  readonly refusal: Refusal | undefined;
  readonly waves: readonly PlannedWave[];
  readonly gates: readonly GateVerdict[];
  /** The number of the release that runs there; 0: none. */
  readonly currentNumber: number;
  /** What each cluster is assigned now. */
  readonly assigned: ReadonlyMap<bigint, string | null>;
}

@Injectable()
export class PromotionPreviews {
  constructor(
    private readonly database: Database,
    private readonly store: PromotionStore,
    private readonly facts: PromotionFactsStore,
    private readonly gates: GateReader,
    private readonly rollouts: RolloutStore,
    private readonly reads: PreviewStore,
  ) {}

  /** Throws NOT_FOUND for an unknown application, environment or release. */
  subject({ application, environment, release: number }: PreviewRequest): Promise<PreviewSubject> {
    return this.database.transaction(async (tx) => {
      const found = await this.facts.slotByNames(tx, application, environment);
      const { applicationId, environmentId } = found;
      if (applicationId === undefined) throw notFound('Application', application);
      if (environmentId === undefined) throw notFound('Environment', environment);
      const release = await this.facts.releaseByNumber(tx, applicationId, number);
      if (!release) throw notFound('Release', `${application}#${number}`);
      return { names: { application, environment, applicationId, environmentId }, release };
    });
  }

  /** `rendered`: what the release is for the clusters of the slot. */
  async preview(
    request: PreviewRequest,
    subject: PreviewSubject,
    rendered: RenderedBundles,
  ): Promise<Preview> {
    try {
      await this.database.transaction(async (tx) => {
        throw new Undone(await this.tryOut(tx, request, subject, rendered));
      });
    } catch (error) {
      if (error instanceof Undone) return error.preview;
      throw error;
    }
    throw new Error('A preview was committed.');
  }

  private async tryOut(
    tx: Transaction,
    { requestedBy }: PreviewRequest,
    { names, release }: PreviewSubject,
    rendered: RenderedBundles,
  ): Promise<Preview> {
    const slot = await this.store.lockSlot(tx, names);
    const current = await this.facts.releaseById(tx, slot.currentReleaseId);
    const assigned = await this.reads.assigned(tx, names);
    const standing = { currentNumber: current?.number ?? 0, assigned };
    const policy = await this.facts.policyOf(tx, names.applicationId);
    const step = policy?.steps.find(({ environmentId }) => environmentId === names.environmentId);
    if (!policy || !step) return { ...standing, refusal: notInPolicy(names), waves: [], gates: [] };
    const refusal = refuseForward({
      ...names,
      intent: 'FORWARD',
      reason: undefined,
      release: release.number,
      releaseId: release.id,
      slot,
      open: await this.store.openPromotions(tx, names),
      currentNumber: current?.number,
    });
    const promotion = await this.store.create(tx, {
      ...revisionOf(policy, step),
      applicationId: names.applicationId,
      environmentId: names.environmentId,
      releaseId: release.id,
      intent: 'FORWARD',
      requestedBy,
      reason: null,
      idempotencyKey: null,
      retryOfId: null,
      rollbackOfId: null,
    });
    if (!promotion) throw new Error('A preview without an idempotency key met one.');
    const facts = await this.gates.facts(tx, promotion, rendered);
    const members = await this.rollouts.members(tx, names);
    const waves = planWaves(wavesOf(promotion.step, promotion.intent), members);
    return { ...standing, refusal, waves, gates: evaluateGates(facts, facts.readAt) };
  }
}

/** Carries the preview out of the transaction that it undoes. */
class Undone extends Error {
  readonly preview: Preview;

  constructor(preview: Preview) {
    super('A preview is never kept.');
    this.preview = preview;
  }
}

function notInPolicy({ application, environment }: SlotNames): Refusal {
  return refuse('NOT_IN_POLICY', `The policy of ${application} has no step for ${environment}.`);
}
