// A TCP port of this machine that nobody listens on.
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the ports that the operating system gives to outgoing connections (from 32768 on Linux, higher elsewhere):
// otherwise a client that retries while a server restarts can be given the server's own port, and keep it.
const FIRST_PORT = 20_000;
const LAST_PORT = 29_999;
const ATTEMPTS = 50;

/** A port of 127.0.0.1 that was free a moment ago; the caller should listen on it soon. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free TCP port in ${ATTEMPTS} tries between ${FIRST_PORT} and ${LAST_PORT}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  server.once('error', () => resolve(false)).listen({ port, host: '127.0.0.1' }, () => resolve(true));
  const free = await promise;
  if (free) await new Promise((closed) => server.close(closed));
  return free;
}
