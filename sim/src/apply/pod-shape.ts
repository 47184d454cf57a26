// How pods are put together for ownership: the lists of a pod template that are maps by key, the values in one piece.
import type { Shape } from './shape.ts';
import { always, ATOMIC, fields, keyed, SET } from './shape.ts';

export const METADATA: Shape = always({
  finalizers: SET,
  ownerReferences: keyed('uid', ATOMIC),
  managedFields: ATOMIC,
});

const keySelector = fields({
  configMapKeyRef: ATOMIC,
  secretKeyRef: ATOMIC,
  fieldRef: ATOMIC,
  resourceFieldRef: ATOMIC,
  fileKeyRef: ATOMIC,
});

const container = fields({
  env: keyed('name', fields({ valueFrom: keySelector })),
  ports: keyed(['containerPort', 'protocol']),
  volumeMounts: keyed('mountPath'),
  volumeDevices: keyed('devicePath'),
  resources: fields({ claims: keyed('name') }),
});

const nodeAffinity = fields({ requiredDuringSchedulingIgnoredDuringExecution: ATOMIC });

const secretRef = fields({ secretRef: ATOMIC });

const volume = fields({
  csi: fields({ nodePublishSecretRef: ATOMIC }),
  cephfs: secretRef,
  flexVolume: secretRef,
  iscsi: secretRef,
});

export const POD_SPEC: Shape = always({
  containers: { ...keyed('name', container), always: true },
  initContainers: keyed('name', container),
  ephemeralContainers: keyed('name', container),
  hostAliases: keyed('ip'),
  imagePullSecrets: keyed('name', ATOMIC),
  nodeSelector: ATOMIC,
  resourceClaims: keyed('name'),
  schedulingGates: keyed('name'),
  topologySpreadConstraints: keyed(['topologyKey', 'whenUnsatisfiable'], fields({ labelSelector: ATOMIC })),
  volumes: keyed('name', volume),
  affinity: fields({ nodeAffinity }),
});

export const POD_TEMPLATE: Shape = always({ metadata: METADATA, spec: POD_SPEC });
