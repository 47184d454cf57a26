// Ownership shapes of the common kinds, by kind name. A kind that is not here, or a field that no entry names, is
// deduced (see shape.ts): objects by field, lists in one piece.
import { METADATA, POD_SPEC, POD_TEMPLATE } from './pod-shape.ts';
import type { FieldsShape, Shape } from './shape.ts';
import { always, ATOMIC, fields, keyed, SET } from './shape.ts';

const byType = keyed('type');
const statusWithConditions = always({ conditions: byType });

const kind = (spec: Shape, status: Shape = statusWithConditions): FieldsShape =>
  fields({ metadata: METADATA, spec, status });

const workload = kind(
  always({ selector: ATOMIC, template: POD_TEMPLATE, strategy: always({}), updateStrategy: always({}) }),
);

const webhooks = fields({
  metadata: METADATA,
  webhooks: keyed(
    'name',
    fields({ namespaceSelector: ATOMIC, objectSelector: ATOMIC, matchConditions: keyed('name') }),
  ),
});

const jobSpec = always({ selector: ATOMIC, template: POD_TEMPLATE });

const serviceSpec = always({ selector: ATOMIC, ports: keyed(['port', 'protocol']) });

const claimSpec = always({ selector: ATOMIC, dataSource: ATOMIC, resources: always({}) });

const roleBinding = fields({ metadata: METADATA, roleRef: ATOMIC });

const serviceAccount = fields({ metadata: METADATA, secrets: keyed('name', ATOMIC) });

const networkPolicy = kind(always({ podSelector: ATOMIC }));

const ingress = kind(
  always({ defaultBackend: fields({ resource: ATOMIC, service: fields({ port: ATOMIC }) }) }),
  always({}),
);

const autoscaler = kind(always({ scaleTargetRef: always({}) }));

const SHAPES: Readonly<Record<string, FieldsShape>> = {
  ConfigMap: fields({ metadata: METADATA }),
  Secret: fields({ metadata: METADATA }),
  Deployment: workload,
  StatefulSet: workload,
  DaemonSet: workload,
  ReplicaSet: workload,
  Job: kind(jobSpec, always({ uncountedTerminatedPods: fields({ failed: SET, succeeded: SET }) })),
  CronJob: kind(always({ jobTemplate: always({ metadata: METADATA, spec: jobSpec }) }), always({})),
  Pod: kind(POD_SPEC, always({ conditions: byType, podIPs: keyed('ip') })),
  Service: kind(serviceSpec),
  ServiceAccount: serviceAccount,
  PersistentVolumeClaim: kind(claimSpec),
  PersistentVolume: kind(always({ claimRef: ATOMIC }), always({})),
  Ingress: ingress,
  NetworkPolicy: networkPolicy,
  HorizontalPodAutoscaler: autoscaler,
  PodDisruptionBudget: kind(always({ selector: ATOMIC })),
  RoleBinding: roleBinding,
  ClusterRoleBinding: roleBinding,
  Namespace: kind(always({})),
  Node: kind(always({ podCIDRs: SET }), always({ conditions: byType, addresses: byType })),
  CustomResourceDefinition: kind(always({ names: always({}) })),
  ValidatingWebhookConfiguration: webhooks,
  MutatingWebhookConfiguration: webhooks,
};

export const PLAIN_SHAPE: FieldsShape = fields({ metadata: METADATA });

/** The shape of a built-in kind, or the deduced one. */
export const shapeOfKind = (name: string): FieldsShape => SHAPES[name] ?? PLAIN_SHAPE;
