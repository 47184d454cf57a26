// Bundles over HTTP: immutable, so that whoever has one never asks for it again, and a broken download goes on.
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { AgentPrincipal } from '../clusters/domain/agent-principal.ts';
import { CurrentAgent, ForAgents } from '../clusters/graphql/agents-only.decorator.ts';
import { AgentFeed } from './agent-feed.ts';
import { byteRange } from './domain/byte-range.ts';

type RequestHeaders = Readonly<Record<string, string | undefined>>;

const inflate = promisify(gunzip);

@ForAgents()
@Controller('bundles')
export class BundleController {
  constructor(private readonly feed: AgentFeed) {}

  /** The canonical text, gzip-encoded. 404 for what is not assigned to the caller's cluster. */
  @Get(':sha256')
  async bundle(
    @Param('sha256') sha256: string,
    @CurrentAgent() agent: AgentPrincipal,
    @Headers() headers: RequestHeaders,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const content = /^[0-9a-f]{64}$/.test(sha256) ? await this.feed.bundle(agent, sha256) : undefined;
    if (!content) {
      const message = `Bundle ${sha256.slice(0, 64)} is not assigned to this cluster.`;
      await reply.status(404).send({ errors: [{ message, extensions: { code: 'NOT_FOUND' } }] });
      return;
    }
    reply.headers({
      etag: `"${sha256}"`,
      'cache-control': 'private, max-age=31536000, immutable',
      'content-type': 'application/x-ndjson',
      vary: 'accept-encoding',
    });
    if (isKnown(headers['if-none-match'], sha256)) await reply.status(304).send();
    else if (acceptsGzip(headers['accept-encoding']))
      await sendGzip(reply, content, rangeOf(headers, sha256));
    else await reply.send(await inflate(content));
  }
}

async function sendGzip(reply: FastifyReply, content: Buffer, header: string | undefined): Promise<void> {
  reply.headers({ 'content-encoding': 'gzip', 'accept-ranges': 'bytes' });
  const range = byteRange(header, content.length);
  if (range === 'UNSATISFIABLE') {
    await reply.status(416).header('content-range', `bytes */${content.length}`).send();
  } else if (range) {
    const { start, end } = range;
    reply.status(206).header('content-range', `bytes ${start}-${end}/${content.length}`);
    await reply.send(content.subarray(start, end + 1));
  } else await reply.send(content);
}

function isKnown(ifNoneMatch: string | undefined, sha256: string): boolean {
  return ifNoneMatch !== undefined && (ifNoneMatch.includes(sha256) || ifNoneMatch.trim() === '*');
}

function acceptsGzip(acceptEncoding: string | undefined): boolean {
  return acceptEncoding !== undefined && /\bgzip\b|\*/.test(acceptEncoding);
}

/** `If-Range` of another bundle makes the range meaningless. */
function rangeOf(headers: RequestHeaders, sha256: string): string | undefined {
  const ifRange = headers['if-range'];
  return ifRange === undefined || ifRange.includes(sha256) ? headers['range'] : undefined;
}
