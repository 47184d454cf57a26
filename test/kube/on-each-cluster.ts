// Declares one suite twice: against a real control plane and against the simulated cluster, which is trusted only as
// far as both behave alike.
import { describe } from 'vitest';
import { startSimulatedCluster } from '../../sim/src/simulated-cluster.ts';
import { startControlPlanes } from '../support/control-plane.ts';
import { describeOnKube } from '../support/missing.ts';
import { connectRawApi } from '../support/raw-api.ts';
import type { TestCluster } from './engine-harness.ts';

/** A cluster that a suite starts and stops. */
export interface StartedCluster extends TestCluster {
  stop(): Promise<void>;
  /** Kills the API server and starts it again; a simulated cluster has nothing to kill. */
  restartApiServer?(): Promise<void>;
}

/** REAL has schemas and admission; SIMULATED has neither, so what needs them is declared for REAL alone. */
export type ClusterKind = 'REAL' | 'SIMULATED';

/** Runs the suite's declarations for each kind; `start` is to be called in `beforeAll`. */
export function onEachCluster(
  name: string,
  suite: (start: () => Promise<StartedCluster>, kind: ClusterKind) => void,
): void {
  describeOnKube(`${name}, on a real control plane`, () => suite(startReal, 'REAL'));
  describe(`${name}, on a simulated cluster`, () => suite(startSimulated, 'SIMULATED'));
}

async function startReal(): Promise<StartedCluster> {
  const [plane] = await startControlPlanes(['engine']);
  return plane;
}

async function startSimulated(): Promise<StartedCluster> {
  const cluster = await startSimulatedCluster({ name: 'engine', tls: true });
  const access = { server: cluster.server, caPem: cluster.caPem ?? '', token: cluster.token };
  const { api, close } = connectRawApi(access);
  const stop = async (): Promise<void> => {
    close();
    await cluster.stop();
  };
  return { server: access.server, caPem: access.caPem, adminToken: access.token, api, stop };
}
