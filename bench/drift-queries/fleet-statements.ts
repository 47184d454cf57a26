// A large fleet with some drift, made by a few set-based statements.

/** How large. Every application is on every cluster. */
export interface FleetSize {
  readonly clusters: number;
  readonly applications: number;
}

/** 1 of 100 instances drifted; each with this many fields. */
export const FIELDS = 3;
/** Episodes that ended within the last 30 days. */
export const HISTORY = 100_000;
/** Where the one instance of a hundred is not on release 2, of this application as of all. */
export const LATE_APPLICATION = 'app-7';

// Clusters: a tenth in dev, two tenths in staging, the rest in prod; five regions; one of twenty is an edge.
const clusterLabels = `case when n % 10 = 0 then 'dev' when n % 10 < 3 then 'staging' else 'prod' end env,
  (array['eu', 'us', 'ap', 'sa', 'af'])[n % 5 + 1] region, n % 20 = 0 is_edge`;

const managers = `(array['kubectl-edit', 'kubectl-client-side-apply', 'kubectl-scale', 'helm', 'hpa', 'argocd', 'console', 'ops-script'])`;
const kinds = `(array['Deployment', 'ConfigMap', 'Service', 'StatefulSet', 'Ingress'])`;
const paths = `(array['spec.replicas', 'spec.template.spec.containers[name=web].image', 'data.settings'])`;
const classes = `(array['PERSON', 'CONTROLLER', 'GITOPS', 'UNKNOWN'])`;

const differs = `k.kind, 'shop', 'object-' || n.k % 50, ${paths}[f], 'MODIFIED'::"DriftType",
  ${managers}[(n.k / 100 + f) % 8 + 1], ${classes}[(n.k / 100 + f) % 4 + 1]::"ManagerClass"`;
const kindOf = `cross join lateral (select ${kinds}[(n.k / 100 + f) % 5 + 1] kind) k`;

const syncPolicy = JSON.stringify({
  prune: true,
  drift: 'REPORT',
  environments: [],
  ignore: [],
  pruneLimitPercent: 50,
  adopt: false,
  extraObjects: false,
});

/** In this order, in an empty database of a hub. */
export function fleetStatements({ clusters, applications }: FleetSize): readonly string[] {
  return [
    'set synchronous_commit = off',
    `insert into environment (name, selector) values ('dev', 'env=dev'), ('staging', 'env=staging'), ('prod', 'env=prod')`,
    `insert into cluster (name, labels, label_kv, kube_system_uid, public_key, join_token_id, accepted_at, session)
     select 'cluster-' || n, jsonb_build_object('env', env, 'region', region),
            array['env', 'env=' || env, 'region', 'region=' || region] || case when is_edge then array['edge', 'edge=true'] else '{}' end,
            'uid-' || n, 'key-' || n, 0, now(), 1
       from (select n, ${clusterLabels} from generate_series(1, ${clusters}) n) c`,
    `insert into cluster_rollup (cluster_id, last_seen_at)
     select id, now() + case when id % 20 = 0 then interval '-1 hour' else interval '1 day' end from cluster`,
    `insert into environment_member (environment_id, cluster_id)
     select e.id, c.id from environment e join cluster c on 'env=' || e.name = any(c.label_kv)`,
    `insert into policy (name, current_revision) values ('straight-on', 1)`,
    `insert into policy_revision (policy_id, revision, steps, environments, created_by)
     select id, 1, '[]', array['dev', 'staging', 'prod'], 'bench' from policy`,
    `insert into repository (url) values ('https://git.example.org/bench.git')`,
    `insert into application (name, repository_id, path, policy_id, sync_policy)
     select 'app-' || n, (select id from repository), '.', (select id from policy), '${syncPolicy}'
       from generate_series(1, ${applications}) n`,
    `insert into release (application_id, number, "commit", author, author_email, message, committed_at, source, source_digest)
     select a.id, n, 'c' || n, 'bench', 'bench@example.org', 'release', now(), '{}', 'd' from application a, generate_series(1, 2) n`,
    `insert into instance (tracking_id, application_id, environment_id, cluster_id, application_name, environment_name,
                           release_id, release_number, bundle_digest, generation, settings)
     select md5(a.id || '-' || m.cluster_id), a.id, m.environment_id, m.cluster_id, a.name, e.name, r.id, 2, md5(a.name), 1, '{}'
       from application a join release r on r.application_id = a.id and r.number = 2,
            environment_member m join environment e on e.id = m.environment_id`,
    'create temporary table numbered as select row_number() over (order by cluster_id, id) k, * from instance',
    `insert into instance_status (instance_id, cluster_id, application_id, environment_id, generation, bundle_digest, release_number,
                                  sync, health, drift_count, content_hash, session, sequence)
     select id, cluster_id, application_id, environment_id, 1, bundle_digest, case when k % 97 = 0 then 1 else 2 end,
            (case when k % 1009 = 0 then 'FAILED' else 'SYNCED' end)::"SyncStatus",
            (case when k % 503 = 0 then 'DEGRADED' else 'HEALTHY' end)::"Health",
            case when (k + k / 50) % 100 = 1 then ${FIELDS} else 0 end, '', 1, 1 from numbered`,
    `insert into drift_item (instance_id, cluster_id, application_id, environment_id, episode, api_version, kind, namespace, name,
                             path, type, manager, manager_class, desired, live, first_seen_at)
     select n.id, n.cluster_id, n.application_id, n.environment_id, 'e' || n.k || '-' || f, 'apps/v1', ${differs}, '3', '1',
            now() - (n.k * 7919 + f * 104729) % 2592000 * interval '1 second'
       from numbered n, generate_series(1, ${FIELDS}) f ${kindOf} where (n.k + n.k / 50) % 100 = 1`,
    `insert into drift_episode (instance_id, cluster_id, application_id, environment_id, episode, api_version, kind, namespace, name,
                                path, type, manager, manager_class, first_seen_at, healed_count, contested, closed_at, closed_by)
     select n.id, n.cluster_id, n.application_id, n.environment_id, 'h' || h, 'apps/v1', ${differs},
            t.at, 1, false, t.at + (h % 600 + 1) * interval '1 second', 'HEALED'
       from generate_series(1, ${HISTORY}) h cross join lateral (select h % ${FIELDS} + 1 f) g
       join numbered n on n.k = h * 37 % ${clusters * applications} + 1
       cross join lateral (select date_trunc('milliseconds', now() - (h * 7919) % 2592000 * interval '1 second') at) t ${kindOf}`,
    `update cluster_rollup r set instances = t.instances, synced = t.synced, failed = t.failed, healthy = t.healthy,
            degraded = t.degraded, drifted = t.drifted, drift_items = t.items from (${counts('cluster_id')}) t where t.cluster_id = r.cluster_id`,
    `insert into slot_rollup (application_id, environment_id, instances, synced, failed, healthy, degraded, drifted, drift_items)
     ${counts('application_id, environment_id')}`,
    'drop table numbered',
    'vacuum analyze',
  ];
}

function counts(keys: string): string {
  return `select ${keys}, count(*)::int instances, (count(*) filter (where sync = 'SYNCED'))::int synced,
      (count(*) filter (where sync = 'FAILED'))::int failed, (count(*) filter (where health = 'HEALTHY'))::int healthy,
      (count(*) filter (where health = 'DEGRADED'))::int degraded, (count(*) filter (where drift_count > 0))::int drifted,
      sum(drift_count)::int items from instance_status group by ${keys}`;
}
