// The command lines of the programs that make up a control plane.
import path from 'node:path';

/** The etcd that several control planes share. */
export function etcdArguments(folder: string, clientPort: number, peerPort: number): string[] {
  const [client, peer] = [`http://127.0.0.1:${clientPort}`, `http://127.0.0.1:${peerPort}`];
  return [
    `--data-dir=${path.join(folder, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    '--log-level=warn',
    '--unsafe-no-fsync', // these clusters need not survive a power cut
  ];
}

/** What distinguishes one API server from its neighbours. `folder` holds its keys, tokens and certificate. */
export interface ApiServerPlace {
  readonly name: string;
  readonly folder: string;
  readonly port: number;
  readonly etcdPort: number;
}

/** An API server with a key prefix of its own, which is what keeps clusters on one etcd apart. */
export function apiServerArguments({ name, folder, port, etcdPort }: ApiServerPlace): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    `--etcd-prefix=/${name}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--cert-dir=${folder}`,
    `--service-account-key-file=${path.join(folder, 'service-account.pub')}`,
    `--service-account-signing-key-file=${path.join(folder, 'service-account.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--token-auth-file=${path.join(folder, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.0.0.0/16',
    '--allow-privileged',
    '--endpoint-reconciler-type=none',
  ];
}

// The port 0 means that these two serve nothing: nobody asks them, and a port less is a port that cannot collide.
const controllerArguments = (kubeconfigPath: string) => [
  `--kubeconfig=${kubeconfigPath}`,
  '--leader-elect=false',
  '--secure-port=0',
];

/** All controllers run: without `nodelifecycle` nodes keep their not-ready taint and nothing is scheduled. */
export function controllerManagerArguments(folder: string, kubeconfigPath: string): string[] {
  return [
    ...controllerArguments(kubeconfigPath),
    `--service-account-private-key-file=${path.join(folder, 'service-account.key')}`,
    '--allocate-node-cidrs=false',
  ];
}

/** The scheduler as it comes. */
export const schedulerArguments = controllerArguments;

/** kwok plays the kubelet of every node. Without leases, pods turn not ready after 50 s. */
export function kwokArguments(kubeconfigPath: string, stageFiles: readonly string[]): string[] {
  return [
    `--kubeconfig=${kubeconfigPath}`,
    '--manage-all-nodes',
    '--node-lease-duration-seconds=40',
    ...stageFiles.map((file) => `--config=${file}`),
  ];
}
