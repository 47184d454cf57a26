// Sends GraphQL operations to the hub over HTTP and turns every kind of failure into a HubError.
import { HubError } from './hub-error.ts';
import type { HubTransport } from './hub-transport.ts';
import type { Operation } from './operation.ts';

const TIMEOUT_MS = 30_000;
const LONGEST_ANSWER_BYTES = 64 * 1024 * 1024;

interface GraphqlAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** One operation a call; never retries. */
export class GraphqlClient {
  readonly #transport: HubTransport;

  constructor(transport: HubTransport) {
    this.#transport = transport;
  }

  /** The operation's data; `credential` is left out by those that carry their own proof. */
  async execute<Data, Variables>(
    operation: Operation<Data, Variables>,
    variables: Variables,
    credential?: string,
  ): Promise<Data> {
    const { status, body } = await this.#transport.send({
      method: 'POST',
      path: '/graphql',
      headers: {
        accept: 'application/graphql-response+json, application/json',
        'content-type': 'application/json',
        ...(credential !== undefined && { authorization: `Bearer ${credential}` }),
      },
      body: JSON.stringify({ query: operation.text, operationName: operation.name, variables }),
      timeoutMs: TIMEOUT_MS,
      maxBytes: LONGEST_ANSWER_BYTES,
    });
    return this.#dataOf(operation.name, status, body.toString('utf8')) as Data;
  }

  #dataOf(name: string, status: number, text: string): unknown {
    const answer = parsed(text);
    const [error] = answer?.errors ?? [];
    if (error) throw new HubError(codeOf(error.extensions?.code, status), `${name}: ${error.message}`);
    if (answer?.data) return answer.data;
    // A proxy on the way, or a hub that is starting: not an answer to what was asked.
    throw new HubError(
      'UNREACHABLE',
      `${name}: ${this.#transport.host} answered ${status}, and not in GraphQL`,
    );
  }
}

function parsed(text: string): GraphqlAnswer | undefined {
  try {
    return JSON.parse(text) as GraphqlAnswer;
  } catch {
    // HTML or plain text of something between: the status is all that can be told.
    return undefined;
  }
}

function codeOf(code: string | undefined, status: number): string {
  if (code !== undefined) return code;
  return status >= 500 ? 'UNREACHABLE' : 'INVALID';
}
