// What whoever runs the hub asks of it: is it alive, is it ready, how is it doing.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Metrics } from '../metrics/metrics.ts';
import { Readiness } from './readiness.ts';

/** Plain routes: they need no token, and tell nothing that needs one. */
@Injectable()
export class OperationsEndpoints implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly readiness: Readiness,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    const server = this.host.httpAdapter?.getInstance<FastifyInstance>();
    // A schema is printed without a server.
    if (!server) return;
    server.get('/healthz', () => ({ alive: true }));
    server.get('/readyz', async (_request, reply) => {
      const missing = await this.readiness.missing();
      const ready = Object.keys(missing).length === 0;
      return reply.status(ready ? 200 : 503).send({ ready, missing });
    });
    server.get('/metrics', async (_request, reply) =>
      reply.header('content-type', this.metrics.contentType).send(await this.metrics.text()),
    );
  }
}
