// Follows one promotion and says each thing that is new: what it waits for, which waves have passed. It approves what
// waits for a person, since somebody must.
import type { EnvironmentName } from '../fleet-plan.ts';
import { APPLICATION, type Stage } from './stage.ts';

/** A promotion, as far as the story looks at it. */
export interface PromotionView {
  readonly id: string;
  readonly state: string;
  readonly intent: string;
  readonly explanation: readonly string[];
  readonly waitingOn: readonly { readonly kind: string; readonly message: string }[];
  readonly waves: readonly {
    readonly name: string;
    readonly state: string;
    readonly counts: { readonly total: number; readonly ready: number; readonly offline: number };
  }[];
}

const PROMOTIONS = /* GraphQL */ `
  query NewestPromotion($filter: PromotionFilter!) {
    promotions(filter: $filter, first: 1) {
      nodes {
        id
        state
        intent
        explanation
        waitingOn {
          kind
          message
        }
        waves {
          name
          state
          counts {
            total
            ready
            offline
          }
        }
      }
    }
  }
`;

const APPROVE = /* GraphQL */ `
  mutation Approve($id: ID!) {
    approvePromotion(id: $id, comment: "seen in staging") {
      refusal {
        code
        message
        reasons
      }
    }
  }
`;

/** What people ask about; a cluster that is busy for a second is no news. */
const NEWS: readonly string[] = [
  'UPSTREAM',
  'SOAK',
  'APPROVAL',
  'FREEZE',
  'HOLD',
  'BAKE',
  'OFFLINE',
  'PAUSE',
];

/** One for each release and environment; what was said is not said again. */
export class PromotionTeller {
  readonly #stage: Stage;
  readonly #environment: EnvironmentName;
  readonly #release: number;
  readonly #told = new Set<string>();

  constructor(stage: Stage, environment: EnvironmentName, release: number) {
    this.#stage = stage;
    this.#environment = environment;
    this.#release = release;
  }

  /** The newest promotion of the release here; undefined while there is none. */
  async look(): Promise<PromotionView | undefined> {
    const filter = { application: APPLICATION, environment: this.#environment, release: this.#release };
    const { promotions } = await this.#stage.api.ask<{ promotions: { nodes: PromotionView[] } }>(PROMOTIONS, {
      filter,
    });
    const [promotion] = promotions.nodes;
    if (promotion) await this.#tell(promotion);
    return promotion;
  }

  async #tell({ id, waitingOn, waves }: PromotionView): Promise<void> {
    for (const { kind, message } of waitingOn) {
      if (NEWS.includes(kind)) this.#say(kind, `${this.#environment} waits for ${kind}: ${message}`);
    }
    for (const { name, state, counts } of waves) {
      if (state !== 'PASSED') continue;
      const offline = counts.offline === 0 ? '' : `, ${counts.offline} offline`;
      this.#say(
        name,
        `${this.#environment}: wave ${name} passed, ${counts.ready} of ${counts.total} ready${offline}`,
      );
    }
    const waitsForUs = waitingOn.length > 0 && waitingOn.every(({ kind }) => kind === 'APPROVAL');
    if (!waitsForUs || this.#told.has('approved')) return;
    await this.#stage.api.change('approvePromotion', APPROVE, { id });
    this.#say('approved', `${this.#environment}: approved by admin`);
  }

  #say(key: string, words: string): void {
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#stage.narrator.say(words);
  }
}
