// The hub's public GraphQL API, as any client sees it: the story is driven through nothing else.

/** The hub said no: an error of the call, or a refusal. The message carries its reasons. */
export class HubRefusal extends Error {
  override readonly name = 'HubRefusal';
}

/** Every payload has a refusal beside the thing; null when the thing was done. */
interface Payload {
  readonly refusal: {
    readonly code: string;
    readonly message: string;
    readonly reasons: readonly string[];
  } | null;
}

interface Answer<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

const ANSWER_TIMEOUT_MS = 30_000;

/** A client with one person's token. */
export class HubApi {
  readonly url: string;
  readonly #token: string;

  /** `url`: the hub's root, such as `http://127.0.0.1:8080`. */
  constructor(url: string, token: string) {
    this.url = url;
    this.#token = token;
  }

  /**
   * Why the hub cannot be used yet; undefined when it can. A hub that does not know our token is not ours: somebody
   * was faster to listen there.
   */
  async whyNotReady(): Promise<string | undefined> {
    try {
      const response = await fetch(new URL('/readyz', this.url), { signal: AbortSignal.timeout(2_000) });
      if (!response.ok) return `the hub is up and not ready: ${(await response.text()).slice(0, 300)}`;
      await this.ask('{ viewer { name } }');
      return undefined;
    } catch (error) {
      if (error instanceof HubRefusal) return `${this.url} answers: ${error.message}`;
      return `nothing answers at ${this.url}`;
    }
  }

  /** Runs one operation. `Result` is the caller's claim about its own selection and is not checked. */
  async ask<Result>(operation: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Result> {
    const response = await fetch(new URL('/graphql', this.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: operation, variables }),
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    const { data, errors } = (await response.json()) as Answer<Result>;
    if (errors !== undefined) throw new HubRefusal(errors.map(errorInWords).join('; '));
    if (!data) throw new HubRefusal(`the hub answered ${response.status} without data`);
    return data;
  }

  /** Runs one mutation whose only field is `field`, and gives its payload; a refusal is thrown. */
  async change<Result>(
    field: string,
    operation: string,
    variables: Readonly<Record<string, unknown>>,
  ): Promise<Result> {
    const data = await this.ask<Record<string, Result & Payload>>(operation, variables);
    const payload = data[field];
    if (payload === undefined) throw new HubRefusal(`${field} is not in the hub's answer`);
    if (payload.refusal === null) return payload;
    const { code, message, reasons } = payload.refusal;
    throw new HubRefusal(
      [`${field} was refused (${code}): ${message}`, ...reasons.filter((one) => one !== message)].join(' '),
    );
  }
}

const errorInWords = ({ message, extensions }: NonNullable<Answer<unknown>['errors']>[number]) =>
  `${extensions?.code ?? 'error'}: ${message}`;
