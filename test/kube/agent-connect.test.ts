// How an agent outside a cluster finds it: kubeconfig, client credentials, a proxy on the way.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../agent/src/clock.ts';
import { connectToCluster } from '../../agent/src/kube/connect.ts';
import { startSimulatedCluster, type SimulatedCluster } from '../../sim/src/simulated-cluster.ts';

let cluster: SimulatedCluster;
let directory: string;
let proxy: Server;
let proxyUrl: string;
const tunnels: string[] = [];
const sockets = new Set<Socket>();

beforeAll(async () => {
  cluster = await startSimulatedCluster({ name: 'connect', tls: true });
  directory = await mkdtemp(join(tmpdir(), 'connect-'));
  await writeFile(join(directory, 'config'), JSON.stringify(cluster.kubeconfig));
  proxy = createServer().on('connect', (request, socket: Socket) => {
    tunnels.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    const [host, port] = (request.url ?? '').split(':');
    const onward = connect(Number(port), host);
    for (const open of [socket, onward]) sockets.add(open);
    onward.on('connect', () => socket.write('HTTP/1.1 200 Connection established\r\n\r\n'));
    onward.pipe(socket).pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  proxyUrl = `http://ann:pw@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  proxy.close();
  await cluster.stop();
  await rm(directory, { recursive: true });
});

const namespaces = async (environment: Record<string, string>): Promise<readonly string[]> => {
  const client = await connectToCluster(
    { KUBECONFIG: join(directory, 'config'), ...environment },
    systemClock,
  );
  try {
    const resource = await client.resolve('v1', 'Namespace');
    if (!resource) throw new Error('no namespaces');
    return (await client.list(resource, {})).items.map(({ metadata }) => metadata.name);
  } finally {
    client.close();
  }
};

it('reads a cluster that a kubeconfig names', async () => {
  expect(await namespaces({})).toContain('kube-system');
  expect(tunnels).toEqual([]);
});

it('goes through the proxy that HTTPS_PROXY names, with its login', async () => {
  expect(await namespaces({ HTTPS_PROXY: proxyUrl })).toContain('kube-system');
  const login = `Basic ${Buffer.from('ann:pw').toString('base64')}`;
  expect(tunnels).toEqual([`${new URL(cluster.server).host} ${login}`]);
});

it('names what keeps it from the API server', async () => {
  await expect(namespaces({ HTTPS_PROXY: 'http://127.0.0.1:1' })).rejects.toThrow(
    /no answer from the API server: .*ECONNREFUSED/,
  );
  await expect(namespaces({ FAIRLEAD_KUBE_CONTEXT: 'nowhere' })).rejects.toThrow(/has no context nowhere/);
});
