// The body of a request: bounded in size, JSON only. YAML is left to clients, which all can send JSON.
import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Json } from '../json-value.ts';
import { badRequest, StatusError, unsupportedBody } from '../status-error.ts';

const LIMIT_BYTES = 3 * 1024 * 1024;

/** Undefined for an empty body; throws 415 for a format other than JSON that says so, 400 for text that is no JSON and 413 beyond 3 MiB. */
export async function readBody(request: IncomingMessage): Promise<Json | undefined> {
  if (mediaTypeOf(request) === 'application/vnd.kubernetes.protobuf') throw unsupportedBody();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > LIMIT_BYTES) {
      throw new StatusError(
        413,
        'RequestEntityTooLarge',
        `Request entity too large: limit is ${LIMIT_BYTES}`,
      );
    }
    chunks.push(bytes);
  }
  return size === 0 ? undefined : parseJson(Buffer.concat(chunks).toString('utf8'));
}

function parseJson(text: string): Json {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    throw badRequest(
      'the body is not JSON; this simulated API server reads JSON only, also where the real one reads YAML',
    );
  }
}

/** Media type of the body, without parameters. */
export const mediaTypeOf = (request: IncomingMessage): string =>
  (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim() ?? '';
