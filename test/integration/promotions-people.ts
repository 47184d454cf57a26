// People with tokens of their own, and what they may ask of promotions: for tests of decisions.
import type { TestHub } from '../support/hub.ts';

/** A gate, as tests look at it. */
export interface GateView {
  readonly gate: string;
  readonly verdict: string;
  readonly message: string;
  readonly since: string;
  readonly until: string | null;
  readonly overriddenBy: string | null;
}

/** What decides and what is decided on. */
export interface DecidedView {
  readonly id: string;
  readonly state: string;
  readonly intent: string;
  readonly gates: readonly GateView[];
  readonly approvals: readonly {
    readonly gate: string;
    readonly approver: string;
    readonly valid: boolean;
  }[];
  readonly waitingOn: readonly {
    readonly kind: string;
    readonly message: string;
    readonly until: string | null;
  }[];
  readonly retryOf: { readonly id: string } | null;
}

/** One event of the activity. */
export interface ToldView {
  readonly at: string;
  readonly kind: string;
  readonly actor: string;
  readonly message: string;
}

/** What a mutation answered; `error` is the code of what it threw. */
export interface Decided {
  readonly promotion?: DecidedView | null;
  readonly refusal?: {
    readonly code: string;
    readonly message: string;
    readonly reasons: readonly string[];
  } | null;
  readonly error?: string;
}

const DECIDED = `id state intent retryOf { id } gates { gate verdict message since until overriddenBy }
  approvals { gate approver valid } waitingOn { kind message until }`;

const types: Readonly<Record<string, string>> = {
  id: 'ID!',
  promotion: 'ID!',
  gate: 'String',
  comment: 'String',
  reason: 'String!',
  revert: 'Boolean',
};

export class People {
  private readonly hub: TestHub;
  private readonly tokens = new Map<string, { readonly id: string; readonly secret: string }>();

  constructor(hub: TestHub) {
    this.hub = hub;
  }

  /** Gives a user a token; a second one takes the place of the first here, and both are good. */
  async add(
    user: string,
    role: 'VIEWER' | 'OPERATOR' | 'ADMIN' = 'OPERATOR',
    emails: readonly string[] = [],
  ): Promise<string> {
    const { createApiToken } = await this.hub.graphql<{
      createApiToken: { secret: string; apiToken: { id: string } };
    }>('mutation ($i: CreateApiTokenInput!) { createApiToken(input: $i) { secret apiToken { id } } }', {
      i: { name: `${user}'s`, user, role, emails },
    });
    this.tokens.set(user, { id: createApiToken.apiToken.id, secret: createApiToken.secret });
    return createApiToken.secret;
  }

  async revoke(user: string): Promise<void> {
    await this.hub.graphql('mutation ($id: ID!) { revokeApiToken(id: $id) { refusal { code } } }', {
      id: this.tokens.get(user)?.id,
    });
  }

  secret(user: string): string {
    const token = this.tokens.get(user);
    if (!token) throw new Error(`${user} has no token`);
    return token.secret;
  }

  /** A mutation whose payload has a promotion; `user` left out: the administrator of the tests. */
  async decide(mutation: string, args: Readonly<Record<string, unknown>>, user?: string): Promise<Decided> {
    const nullable = mutation === 'approvePromotion' ? types : { ...types, gate: 'String!' };
    const names = Object.keys(args);
    const head = names.map((name) => `$${name}: ${nullable[name]}`).join(', ');
    const call = names.map((name) => `${name}: $${name}`).join(', ');
    const query = `mutation (${head}) { result: ${mutation}(${call}) { promotion { ${DECIDED} } refusal { code message reasons } } }`;
    const answer = await this.hub.answer<{ result: Decided }>(query, args, user && this.secret(user));
    const code = answer.errors?.[0]?.extensions.code;
    return code === undefined ? (answer.data?.result ?? {}) : { error: code };
  }

  /** Any promotion by its id, with its gates and approvals. */
  async look(id: string): Promise<DecidedView> {
    const { promotion } = await this.hub.graphql<{ promotion: DecidedView }>(
      `query ($id: ID!) { promotion(id: $id) { ${DECIDED} } }`,
      { id },
    );
    return promotion;
  }

  /** `gate VERDICT` of all its gates. */
  async gates(id: string): Promise<readonly string[]> {
    return (await this.look(id)).gates.map(({ gate, verdict }) => `${gate} ${verdict}`);
  }

  /** Kinds of the activity of a promotion, oldest first. */
  async told(id: string): Promise<readonly ToldView[]> {
    const { activity } = await this.hub.graphql<{
      activity: { nodes: readonly ToldView[] };
    }>(
      'query ($f: ActivityFilter) { activity(filter: $f, first: 100) { nodes { at kind actor message } } }',
      {
        f: { promotion: id },
      },
    );
    return activity.nodes.toReversed();
  }
}
