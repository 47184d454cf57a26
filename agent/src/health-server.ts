// What the kubelet asks: is the process alive, and does it do its work.
import { createServer, type Server } from 'node:http';

/** What `/readyz` tells; it is ready once it has joined and knows what is assigned. */
export interface Readiness {
  readonly joined: boolean;
  readonly assignmentsKnown: boolean;
  /** A hub that is away does not make the agent less ready: it goes on from what it has. */
  readonly connected: boolean;
}

/** Serves `/healthz` and `/readyz`; resolves once it listens, rejects where the port is taken. */
export function serveHealth(port: number, readiness: () => Readiness): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.url === '/healthz') return void response.writeHead(200).end('ok\n');
    if (request.url !== '/readyz') return void response.writeHead(404).end('not found\n');
    const state = readiness();
    const isReady = state.joined && state.assignmentsKnown;
    response.writeHead(isReady ? 200 : 503, { 'content-type': 'application/json' });
    response.end(`${JSON.stringify(state)}\n`);
  });
  // Asked every few seconds by one client: nothing else has a reason to hold a connection.
  server.requestTimeout = 5_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => resolve(server));
  });
}
