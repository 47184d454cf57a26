// One simulated cluster: state, controllers and an HTTP server on 127.0.0.1, started and stopped as one thing.
import { randomBytes } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { ClusterState } from './cluster-state.ts';
import { createFirstObjects } from './first-objects.ts';
import { apiServer } from './http/api-server.ts';
import type { Kubeconfig } from './kubeconfig.ts';
import { kubeconfigOf } from './kubeconfig.ts';
import { ResourceRegistry } from './resources/resource-registry.ts';
import type { ServerCertificate } from './self-signed-certificate.ts';
import { selfSignedCertificate } from './self-signed-certificate.ts';
import type { ClusterSnapshot, SavedCluster } from './snapshot.ts';
import { restoreKinds, restoreObjects, takeSnapshot } from './snapshot.ts';
import { ObjectStore } from './store/object-store.ts';
import { OwnerIndex } from './store/owner-index.ts';
import { Controllers } from './workloads/controllers.ts';

export interface SimulatedClusterOptions {
  readonly name: string;
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** A random one when not given. */
  readonly token?: string;
  /** https with a certificate of its own; kubectl needs it, because it sends no token over http. Default: false. */
  readonly tls?: boolean;
  /** How long pods, jobs and claims take to become ready. Default: 150. */
  readonly readyAfterMs?: number;
  /** Changes that a watch can resume over. Default: 10 000. */
  readonly historyLimit?: number;
  /** What an earlier process saved of this cluster. */
  readonly saved?: SavedCluster;
}

export interface SimulatedCluster {
  readonly name: string;
  /** Address without a path, such as `http://127.0.0.1:34567`. */
  readonly server: string;
  readonly token: string;
  /** What to trust for an https server; undefined for http. */
  readonly caPem: string | undefined;
  readonly kubeconfig: Kubeconfig;
  /** Calls back after each change; returns how to end that. */
  onChange(listener: () => void): () => void;
  /** All that a later start needs to be the same cluster. */
  save(): SavedCluster;
  /** Ends watches, connections and controllers. */
  stop(): Promise<void>;
}

const READY_AFTER_MS = 150;
const HISTORY_LIMIT = 10_000;

/** Starts a cluster and comes back once it answers; throws when the port is taken. */
export async function startSimulatedCluster(options: SimulatedClusterOptions): Promise<SimulatedCluster> {
  const { name, saved, readyAfterMs = READY_AFTER_MS, historyLimit = HISTORY_LIMIT } = options;
  const state = newState(name, historyLimit, saved?.snapshot);
  const controllers = new Controllers(state, { readyAfterMs });
  if (saved) {
    restoreKinds(state);
    controllers.lookAtEverything();
  } else createFirstObjects(state);
  const identity = identityOf(options);
  const server = await listenOrMove(apiServer(state, identity.token), identity, options.port === undefined);
  return running(state, { ...identity, port: portOf(server) }, () => stop(server, controllers));
}

interface Identity {
  readonly port: number;
  readonly token: string;
  readonly certificate: ServerCertificate | undefined;
}

function identityOf({ name, port, token, tls = false, saved }: SimulatedClusterOptions): Identity {
  if (saved) return { port: port ?? saved.port, token: token ?? saved.token, certificate: saved.certificate };
  return {
    port: port ?? 0,
    token: token ?? randomBytes(24).toString('hex'),
    certificate: tls ? selfSignedCertificate(`fairlead-sim-${name}`) : undefined,
  };
}

function running(state: ClusterState, identity: Identity, stopAll: () => Promise<void>): SimulatedCluster {
  const { name } = state;
  const { port, token, certificate } = identity;
  const server = `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`;
  const caPem = certificate?.certPem;
  return {
    name,
    server,
    token,
    caPem,
    kubeconfig: kubeconfigOf({ name, server, token, caPem }),
    onChange: (listener) => state.store.onChange(() => listener()),
    save: () => ({ name, port, token, certificate, snapshot: takeSnapshot(state) }),
    stop: stopAll,
  };
}

function newState(name: string, historyLimit: number, snapshot: ClusterSnapshot | undefined): ClusterState {
  const store = new ObjectStore(historyLimit);
  if (snapshot) restoreObjects(store, snapshot);
  let number = store.version;
  return {
    name,
    store,
    owners: new OwnerIndex(store),
    registry: new ResourceRegistry(),
    now: () => new Date(),
    nextNumber: () => {
      number = Math.max(number + 1, store.version);
      return number;
    },
  };
}

/** A port that nobody insists on may have gone to another program since it was saved: then a free one will do. */
async function listenOrMove(
  listener: RequestListener,
  identity: Identity,
  mayMove: boolean,
): Promise<Server> {
  try {
    return await listen(listener, identity);
  } catch (error) {
    if (mayMove && identity.port !== 0) return await listen(listener, { ...identity, port: 0 });
    const why = error instanceof Error ? error.message : 'no reason given';
    throw new Error(
      `a simulated cluster cannot listen on port ${identity.port}: ${why}; choose another port`,
      {
        cause: error,
      },
    );
  }
}

function listen(listener: RequestListener, { certificate, port }: Identity): Promise<Server> {
  const server = certificate
    ? createHttpsServer({ cert: certificate.certPem, key: certificate.keyPem }, listener)
    : createHttpServer(listener);
  server.keepAliveTimeout = 60_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the simulated cluster listens on no port');
  return address.port;
}

async function stop(server: Server, controllers: Controllers): Promise<void> {
  controllers.stop();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
