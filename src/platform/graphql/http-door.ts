// GraphQL over HTTP: who calls is settled before the body is read.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { AppError, errorCatalogue, type ErrorCode } from '../errors.ts';
import type { AskedOperation } from './asked-operation.ts';
import { bearerToken, type Authenticated, type Authenticators } from './authenticators.ts';
import { errorBody, statusOf } from './format-errors.ts';
import { graphiqlFile, graphiqlPage } from './graphiql.ts';
import { newRequestContext } from './new-request-context.ts';
import type { Operations } from './operations.ts';

const UNKNOWN_CALLER_BYTES = 100_000;
/** The largest that any caller may send; each caller's own limit is checked before. */
const LARGEST_BYTES = 8_000_000;
/** Nobody reads it; access logs know the number as nginx's. */
const CLIENT_LEFT = 499;

const callers = new WeakMap<FastifyRequest, Authenticated>();

/** Serves POST for operations and, to browsers, GraphiQL on GET. */
export function openHttpDoor(
  server: FastifyInstance,
  path: string,
  operations: Operations,
  authenticators: Authenticators,
): void {
  server.get(path, (request, reply) => servePage(request, reply, path));
  server.get(`${path}/assets/:file`, serveAsset);
  server.route({
    method: 'POST',
    url: path,
    bodyLimit: LARGEST_BYTES,
    onRequest: (request, reply) => admit(request, reply, authenticators),
    handler: (request, reply) => answer(request, reply, operations),
    errorHandler: (error, _request, reply) => void explain(reply, error, operations),
  });
}

function refuse(reply: FastifyReply, code: ErrorCode, message: string): FastifyReply {
  return reply.status(errorCatalogue[code].status).send(errorBody(code, message));
}

/** Fastify gives the caller's mistakes a status of 4xx; anything else, such as a database that is away, is ours. */
function explain(
  reply: FastifyReply,
  error: Error & { readonly statusCode?: number },
  operations: Operations,
): FastifyReply {
  const { statusCode = 500 } = error;
  if (statusCode < 500) {
    const code: ErrorCode = statusCode === 413 ? 'LIMIT_EXCEEDED' : 'INVALID';
    return refuse(reply, code, `The request cannot be read: ${error.message}`);
  }
  const errors = [new GraphQLError(error.message, { originalError: error })];
  const result = operations.present({ errors }, { query: '' }, newRequestContext(undefined));
  return reply.status(statusOf(result.errors, false)).send(result);
}

async function admit(
  request: FastifyRequest,
  reply: FastifyReply,
  authenticators: Authenticators,
): Promise<void> {
  const token = bearerToken(request.headers.authorization);
  const caller = token ? await authenticators.authenticate(token) : undefined;
  if (token !== undefined && !caller) {
    await refuse(
      reply,
      'UNAUTHENTICATED',
      'The token is unknown, expired or revoked; send `Authorization: Bearer TOKEN` with a good one.',
    );
    return;
  }
  if (caller) callers.set(request, caller);
  const limit = caller?.maxBodyBytes ?? UNKNOWN_CALLER_BYTES;
  // Without a length the limit could only be found out by reading on.
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  if (length <= limit) return;
  const found = Number.isNaN(length) ? 'no Content-Length' : `${length} bytes`;
  await refuse(reply, 'LIMIT_EXCEEDED', `The body may have ${limit} bytes, and this one has ${found}.`);
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  operations: Operations,
): Promise<FastifyReply> {
  const asked = readRequest(request.body);
  if (asked instanceof AppError) return refuse(reply, asked.code, asked.message);
  const caller = callers.get(request);
  const context = newRequestContext(caller?.principal, originOf(request));
  const carryOut = async () => (hasLeft(request) ? undefined : operations.answer(asked, context));
  const answered = await (caller ? caller.turns.run(carryOut) : carryOut());
  if (!answered) return reply.status(CLIENT_LEFT).send();
  const { result, executed } = answered;
  return reply
    .status(statusOf(result.errors, executed))
    .header('x-request-id', context.requestId)
    .header('content-type', 'application/json; charset=utf-8')
    .send(JSON.stringify(result));
}

/**
 * Whoever gave up while the operation waited for its turn has asked again since, or will: carried out now, the first
 * hello of an agent would take the place of its second.
 */
function hasLeft({ raw }: FastifyRequest): boolean {
  return raw.socket.destroyed;
}

/** What stands in a header is the caller's word: good enough to tell the caller again, and for nothing else. */
function originOf({ host, protocol, headers }: FastifyRequest): string | undefined {
  const isSecure = protocol === 'https' || headers['x-forwarded-proto'] === 'https';
  const origin = `${isSecure ? 'https' : 'http'}://${host}`;
  return URL.canParse(origin) ? new URL(origin).origin : undefined;
}

function readRequest(body: unknown): AskedOperation | AppError {
  if (Array.isArray(body)) return new AppError('INVALID', 'Send one operation per request, not a list.');
  const asked = (body ?? {}) as Record<string, unknown>;
  if (typeof asked['query'] !== 'string') {
    return new AppError('INVALID', 'Send JSON with the operation as `query`, and its `variables`.');
  }
  const { variables } = asked;
  const isObject = typeof variables === 'object' && !Array.isArray(variables);
  if (variables !== undefined && !isObject) return new AppError('INVALID', '`variables` is an object.');
  return body as AskedOperation;
}

async function servePage(request: FastifyRequest, reply: FastifyReply, path: string): Promise<FastifyReply> {
  if (!request.headers.accept?.includes('text/html')) {
    return refuse(reply, 'INVALID', 'Send operations with POST; in a browser this address shows GraphiQL.');
  }
  return reply.header('content-type', 'text/html; charset=utf-8').send(graphiqlPage(path));
}

async function serveAsset(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { file } = request.params as { file: string };
  const asset = await graphiqlFile(file);
  if (!asset) return refuse(reply, 'NOT_FOUND', `There is no file "${file.slice(0, 60)}" of GraphiQL here.`);
  return reply
    .header('content-type', asset.contentType)
    .header('cache-control', 'public, max-age=3600')
    .send(asset.content);
}
