// Fetches one bundle from the hub and lets it in only if it is what its digest says.
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { isBundleOf, LONGEST_BUNDLE_BYTES } from './bundle-digest.ts';
import { HubError, messageOf } from './hub-error.ts';
import type { HubAnswer, HubTransport } from './hub-transport.ts';

const expand = promisify(gunzip);
const pack = promisify(gzip);

const TIMEOUT_MS = 60_000;

/** A bundle that is what its digest says. */
export interface FetchedBundle {
  /** The canonical text. */
  readonly text: Buffer;
  /** The same, gzip. */
  readonly packed: Buffer;
}

/** Throws `HubError`: BUNDLE_REFUSED where the content is not what the digest says. */
export async function fetchBundle(
  transport: Pick<HubTransport, 'send'>,
  digest: string,
  credential: string,
): Promise<FetchedBundle> {
  const answer = await transport.send({
    method: 'GET',
    path: `/bundles/${digest}`,
    headers: { authorization: `Bearer ${credential}`, 'accept-encoding': 'gzip' },
    timeoutMs: TIMEOUT_MS,
    maxBytes: LONGEST_BUNDLE_BYTES,
  });
  if (answer.status !== 200) throw failure(digest, answer.status);
  const text = await textOf(answer, digest);
  if (isBundleOf(digest, text)) {
    return { text, packed: answer.contentEncoding === 'gzip' ? answer.body : await pack(text) };
  }
  throw new HubError(
    'BUNDLE_REFUSED',
    `what came as bundle ${digest} has another SHA-256 and is not applied: it was changed on its way or at the hub`,
  );
}

async function textOf({ body, contentEncoding }: HubAnswer, digest: string): Promise<Buffer> {
  if (contentEncoding !== 'gzip') return body;
  try {
    return await expand(body, { maxOutputLength: LONGEST_BUNDLE_BYTES });
  } catch (error) {
    throw new HubError('BUNDLE_REFUSED', `bundle ${digest} cannot be unpacked: ${messageOf(error)}`);
  }
}

function failure(digest: string, status: number): HubError {
  if (status === 401)
    return new HubError('UNAUTHENTICATED', `the hub did not take the credential for bundle ${digest}`);
  if (status === 404)
    return new HubError('NOT_FOUND', `the hub has no bundle ${digest} assigned to this cluster`);
  return new HubError(
    status >= 500 ? 'UNREACHABLE' : 'INVALID',
    `the hub answered ${status} for bundle ${digest}`,
  );
}
