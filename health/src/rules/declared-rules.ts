// All declared rules of this project.
import type { DeclaredRule } from '../form/rule-form.ts';
import { argoRules } from './argo.ts';
import { cloudControllerRules } from './cloud-controllers.ts';
import { clusterApiRules } from './cluster-api.ts';
import { clusterRules } from './clusters.ts';
import { crossplaneRules } from './crossplane.ts';
import { databaseRules } from './databases.ts';
import { elasticRules } from './elastic.ts';
import { fluxRules } from './flux.ts';
import { kruiseRules } from './kruise.ts';
import { messagingRules } from './messaging.ts';
import { networkingRules } from './networking.ts';
import { observabilityRules } from './observability.ts';
import { openshiftRules } from './openshift.ts';
import { policyRules } from './policies.ts';
import { progressiveDeliveryRules } from './progressive-delivery.ts';
import { promoterRules } from './promoter.ts';
import { secretRules } from './secrets.ts';
import { servingRules } from './serving.ts';
import { storageRules } from './storage.ts';
import { threeScaleRules } from './three-scale.ts';

/** In no order that matters: a kind's own rule comes before that of its group. */
export const declaredRules: readonly DeclaredRule[] = [
  ...argoRules,
  ...cloudControllerRules,
  ...clusterApiRules,
  ...clusterRules,
  ...crossplaneRules,
  ...databaseRules,
  ...elasticRules,
  ...fluxRules,
  ...kruiseRules,
  ...messagingRules,
  ...networkingRules,
  ...observabilityRules,
  ...openshiftRules,
  ...policyRules,
  ...progressiveDeliveryRules,
  ...promoterRules,
  ...secretRules,
  ...servingRules,
  ...storageRules,
  ...threeScaleRules,
];
