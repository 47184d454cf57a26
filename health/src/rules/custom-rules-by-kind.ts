// The custom kinds that need logic.
import type { HealthRule } from '../health-verdict.ts';
import { argoRolloutHealth } from '../kinds/argo-rollout-health.ts';
import { cassandraClusterHealth } from '../kinds/cassandra-cluster-health.ts';
import { elasticsearchHealth } from '../kinds/elasticsearch-health.ts';
import { kruiseNodesHealth, kruiseReplicasHealth } from '../kinds/kruise-workload-health.ts';
import { openTelemetryCollectorHealth } from '../kinds/open-telemetry-collector-health.ts';
import { changeTransferPolicyHealth, promotionStrategyHealth } from '../kinds/promotion-health.ts';
import { sparkApplicationHealth } from '../kinds/spark-application-health.ts';

/** `group/Kind` to function. */
export const customRulesByKind: ReadonlyMap<string, HealthRule> = new Map<string, HealthRule>([
  ['apps.kruise.io/CloneSet', kruiseReplicasHealth],
  ['apps.kruise.io/DaemonSet', kruiseNodesHealth],
  ['apps.kruise.io/StatefulSet', kruiseReplicasHealth],
  ['argoproj.io/Rollout', argoRolloutHealth],
  ['cassandra.rook.io/Cluster', cassandraClusterHealth],
  ['elasticsearch.k8s.elastic.co/Elasticsearch', elasticsearchHealth],
  ['game.kruise.io/GameServerSet', kruiseReplicasHealth],
  ['opentelemetry.io/OpenTelemetryCollector', openTelemetryCollectorHealth],
  ['promoter.argoproj.io/ChangeTransferPolicy', changeTransferPolicyHealth],
  ['promoter.argoproj.io/PromotionStrategy', promotionStrategyHealth],
  ['sparkoperator.k8s.io/SparkApplication', sparkApplicationHealth],
]);
