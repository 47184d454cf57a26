// An agent's account on a real control plane that may read what there is, make namespaces and ConfigMaps, and keep its own
// Secrets; everything else has to be allowed.
import type { ControlPlane } from '../../support/control-plane.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';

const RULES = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: [''], resources: ['namespaces', 'configmaps'], verbs: ['create', 'patch', 'delete'] },
];

/** The account's token, and how it is given more. */
export interface LimitedAccount {
  readonly token: string;
  allow(rule: object): Promise<void>;
}

/** Makes the account in a namespace of its own, which is the agent's too. */
export async function tokenOfLimitedAgent({ api }: ControlPlane, name: string): Promise<LimitedAccount> {
  const subjects = [{ kind: 'ServiceAccount', name, namespace: name }];
  const create = async <Body>(path: string, object: object): Promise<Body> => {
    const { status, body } = await api<Body>('POST', path, object);
    if (status >= 300) throw new Error(`POST ${path} answered ${status}: ${JSON.stringify(body)}`);
    return body;
  };
  const allow = async (role: string, rules: readonly object[]): Promise<void> => {
    await create(`${RBAC}/clusterroles`, { metadata: { name: role }, rules });
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role };
    await create(`${RBAC}/clusterrolebindings`, { metadata: { name: role }, subjects, roleRef });
  };
  await create('/api/v1/namespaces', { metadata: { name } });
  await create(`/api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name } });
  await allow(name, RULES);
  const secrets = [{ apiGroups: [''], resources: ['secrets'], verbs: ['*'] }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name };
  await create(`${RBAC}/namespaces/${name}/roles`, { metadata: { name }, rules: secrets });
  await create(`${RBAC}/namespaces/${name}/rolebindings`, { metadata: { name }, subjects, roleRef });
  const { status } = await create<{ status: { token: string } }>(
    `/api/v1/namespaces/${name}/serviceaccounts/${name}/token`,
    { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
  );
  return { token: status.token, allow: (rule) => allow(`${name}-more`, [rule]) };
}
