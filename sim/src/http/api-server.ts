// The HTTP side of one simulated cluster: who is let in, which part answers, and how refusals go over the wire.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ClusterState } from '../cluster-state.ts';
import type { Json } from '../json-value.ts';
import { forbidden, StatusError, unauthorized, unknownAddress } from '../status-error.ts';
import { reviewAt } from './access-review.ts';
import { discoveryAt } from './discovery.ts';
import type { Answer } from './object-requests.ts';
import { answerObjectRequest } from './object-requests.ts';
import { openapiAt } from './openapi.ts';
import { mediaTypeOf, readBody } from './request-body.ts';
import type { RequestTarget } from './request-target.ts';
import { targetOf } from './request-target.ts';
import { tableOf, wantsTable } from './table.ts';
import { WatchStream } from './watch-stream.ts';

const HEALTH_PATHS: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/livez']);

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Answers the requests of one cluster; `token` is the only way in, save for health and version. */
export function apiServer(state: ClusterState, token: string): RequestListener {
  const expected = digest(`Bearer ${token}`);
  return (request, response) => {
    answer(state, expected, request, response).catch((error: unknown) => sendError(response, error));
  };
}

interface Call {
  readonly request: IncomingMessage;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly target: RequestTarget | undefined;
}

async function answer(
  state: ClusterState,
  expected: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const path = url.pathname;
  if (HEALTH_PATHS.has(path)) return sendText(response, 200, 'ok');
  const target = targetOf(path, state.registry);
  const call: Call = { request, method: request.method ?? 'GET', path, query: url.searchParams, target };
  if (path !== '/version') checkToken(call, expected);
  if (target && isWatch(call)) return watch(state, target, call.query, response);
  const body = await readBody(request);
  const fixed = fixedDocument(state, call, body);
  if (fixed) return sendJson(response, fixed);
  if (target) return sendJson(response, answerTarget(state, call, target, body));
  sendUnknown(state, path, response);
}

function fixedDocument(
  state: ClusterState,
  { method, path }: Call,
  body: Json | undefined,
): Answer | undefined {
  const review = reviewAt(path, method, body);
  if (review) return { code: 201, document: review };
  const document = discoveryAt(path, state.registry) ?? openapiAt(path, state.registry);
  return document && { code: 200, document };
}

function answerTarget(
  state: ClusterState,
  call: Call,
  target: RequestTarget,
  body: Json | undefined,
): Answer {
  const { request, method, query } = call;
  const { accept = '', 'user-agent': userAgent = '' } = request.headers;
  const result = answerObjectRequest(state, {
    method,
    target,
    query,
    mediaType: mediaTypeOf(request),
    userAgent,
    body,
  });
  if (method !== 'GET' || !wantsTable(accept)) return result;
  return { ...result, document: tableOf(target.type, result.document, state.now()) };
}

function checkToken(call: Call, expected: Buffer): void {
  const given = call.request.headers.authorization;
  if (given === undefined) throw anonymous(call);
  if (!timingSafeEqual(digest(given), expected)) throw unauthorized();
}

const VERBS: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** The refusal of somebody without a token, which the real server gives in the name of RBAC. */
function anonymous({ method, path, target }: Call): StatusError {
  const who = 'User "system:anonymous" cannot';
  if (!target)
    return new StatusError(403, 'Forbidden', `forbidden: ${who} ${method.toLowerCase()} path "${path}"`, {});
  const { type, name, namespace } = target;
  const verb = VERBS[method] ?? (name === undefined ? 'list' : 'get');
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const why = `${who} ${verb} resource "${type.plural}" in API group "${type.group}" ${where}`;
  return forbidden(type, name ?? '', why);
}

const isWatch = ({ method, query }: Call): boolean =>
  method === 'GET' && ['true', '1'].includes(query.get('watch') ?? '');

function watch(
  state: ClusterState,
  target: RequestTarget,
  query: URLSearchParams,
  response: ServerResponse,
): void {
  const byName = target.name === undefined ? [] : [`metadata.name=${target.name}`];
  const fields = [...(query.get('fieldSelector')?.split(',') ?? []), ...byName];
  if (fields.length > 0) query.set('fieldSelector', fields.join(','));
  new WatchStream(state, { type: target.type, namespace: target.namespace, query }, response).start();
}

// A group that is not served at all is answered in plain text, as by the real server: clients must bear that.
function sendUnknown(state: ClusterState, path: string, response: ServerResponse): void {
  const isKnownGroup = discoveryAt(path.split('/').slice(0, 4).join('/'), state.registry) !== undefined;
  if (isKnownGroup || path.startsWith('/api/v1/')) throw unknownAddress();
  sendText(response, 404, '404 page not found\n');
}

function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}

function sendJson(response: ServerResponse, { code, document }: Answer): void {
  response.writeHead(code, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
  response.end(JSON.stringify(document));
}

function sendError(response: ServerResponse, error: unknown): void {
  const refusal = error instanceof StatusError ? error : new StatusError(500, 'InternalError', textOf(error));
  if (response.headersSent) response.end();
  else sendJson(response, { code: refusal.code, document: refusal.status });
}

const textOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
