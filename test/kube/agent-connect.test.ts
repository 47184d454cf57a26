// How an agent finds its cluster: from outside by kubeconfig, client credentials, a proxy on the way; from a pod by its
// service account.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../agent/src/clock.ts';
import { connectToCluster } from '../../agent/src/kube/connect.ts';
import { HttpKubeClient } from '../../agent/src/kube/http-kube-client.ts';
import { inClusterSettings } from '../../agent/src/kube/in-cluster.ts';
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
  return namespacesBy(client);
};

const namespacesBy = async (client: HttpKubeClient): Promise<readonly string[]> => {
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

it('reads the cluster around its pod, with the token and the authority that the pod was given', async () => {
  const { hostname, port } = new URL(cluster.server);
  const environment = { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
  await writeFile(join(directory, 'ca.crt'), cluster.caPem ?? '');
  await writeFile(join(directory, 'token'), `${cluster.token}\n`);
  const client = new HttpKubeClient(inClusterSettings(environment, systemClock, directory), systemClock);
  expect(await namespacesBy(client)).toContain('kube-system');
});

it('says what a pod without a service account lacks, and that KUBECONFIG would do', async () => {
  const environment = { KUBERNETES_SERVICE_HOST: 'fd00::1' };
  const inEmptyPod = () => inClusterSettings(environment, systemClock, join(directory, 'nothing'));
  expect(inEmptyPod).toThrow(/KUBERNETES_SERVICE_HOST.*ca\.crt.*automountServiceAccountToken.*KUBECONFIG/);
  await writeFile(join(directory, 'ca.crt'), cluster.caPem ?? '');
  expect(inClusterSettings(environment, systemClock, directory).server).toBe('https://[fd00::1]:443');
});
