// The contract of a Kubernetes API server as Fairlead relies on it. One suite for the real server and for the
// simulated one: the simulation is trusted for what passes here on both, and says by name what it leaves out.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyCases } from './kube-api/apply-cases.ts';
import type { ContractCluster } from './kube-api/cluster-client.ts';
import { ClusterClient } from './kube-api/cluster-client.ts';
import { Bench } from './kube-api/contract-case.ts';
import type { ContractCase } from './kube-api/contract-case.ts';
import { defaultCases } from './kube-api/default-cases.ts';
import { discoveryCases } from './kube-api/discovery-cases.ts';
import { lifecycleCases } from './kube-api/lifecycle-cases.ts';
import { ownershipCases } from './kube-api/ownership-cases.ts';
import { refusalCases } from './kube-api/refusal-cases.ts';
import { watchCases } from './kube-api/watch-cases.ts';

const CASES: readonly ContractCase[] = [
  ...discoveryCases,
  ...applyCases,
  ...defaultCases,
  ...ownershipCases,
  ...watchCases,
  ...lifecycleCases,
  ...refusalCases,
];

/**
 * Declares the suite against the cluster that `start` gives. Cases named in `leftOut` are not run; a name that no
 * case has fails, so that the list cannot outlive what it speaks of.
 */
export function kubeApiContract(
  name: string,
  start: () => Promise<ContractCluster>,
  leftOut: readonly string[] = [],
): void {
  describe(name, () => {
    let cluster: ContractCluster | undefined;
    let client: ClusterClient | undefined;
    let number = 0;

    beforeAll(async () => {
      cluster = await start();
      client = new ClusterClient(cluster);
    });

    afterAll(async () => {
      client?.close();
      await cluster?.stop();
    });

    it('leaves out only cases that exist', () => {
      expect(leftOut.filter((left) => !CASES.some((candidate) => candidate.name === left))).toEqual([]);
    });

    for (const contractCase of CASES.filter((candidate) => !leftOut.includes(candidate.name))) {
      it(contractCase.name, async () => {
        if (!client) throw new Error('the cluster did not start');
        number += 1;
        const namespace = `contract-${number}`;
        await client.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
        await contractCase.run(new Bench(client, namespace));
        await client.send('DELETE', `/api/v1/namespaces/${namespace}`);
      });
    }
  });
}
