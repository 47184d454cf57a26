// A TCP port of this machine that nobody listens on.
import { createServer } from 'node:net';

/** A port of 127.0.0.1 that was free a moment ago; the caller should listen on it soon. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string')
    throw new Error('the operating system gave no TCP port');
  return address.port;
}
