// The rules of the common kinds that a person or an agent runs into: names, what is required, what selects what.
import type { Json, JsonObject } from '../json-value.ts';
import { isObject, objectOf, objectsOf, stringOf, valueAt } from '../json-value.ts';
import type { Cause } from '../status-error.ts';

export const required = (field: string): Cause => ({
  reason: 'FieldValueRequired',
  message: 'Required value',
  field,
});

export const wrong = (field: string, value: Json, why: string): Cause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
  field,
});

const SUBDOMAIN = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const NAME = new RegExp(`^${SUBDOMAIN}$`);
const NAME_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end " +
  `with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`;

/** Kinds whose names are only kept from breaking a path, because people put `:` into them. */
const FREE_NAMES: ReadonlySet<string> = new Set(['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding']);

type Rule = (object: JsonObject) => Cause[];

const RULES: Readonly<Record<string, Rule>> = {
  Deployment: selectingWorkload,
  ReplicaSet: selectingWorkload,
  StatefulSet: selectingWorkload,
  DaemonSet: selectingWorkload,
  Job: (job) => containerRules(valueAt(job, 'spec', 'template', 'spec'), 'spec.template.spec'),
  Pod: (pod) => containerRules(pod['spec'], 'spec'),
  Service: portRules,
};

/** Every broken rule of an object, defaults already filled in. */
export function brokenRules(kind: string, object: JsonObject): Cause[] {
  const name = stringOf(valueAt(object, 'metadata', 'name')) ?? '';
  const isNamed = FREE_NAMES.has(kind) ? !/[/%]/.test(name) : NAME.test(name);
  const naming = isNamed ? [] : [wrong('metadata.name', name, NAME_RULE)];
  return [...naming, ...(RULES[kind]?.(object) ?? [])];
}

function selectingWorkload(workload: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const selector = valueAt(workload, 'spec', 'selector');
  const labels = objectOf(valueAt(workload, 'spec', 'template', 'metadata', 'labels'));
  const wanted = Object.entries(objectOf(valueAt(selector, 'matchLabels')));
  if (!isObject(selector)) causes.push(required('spec.selector'));
  if (!isObject(selector) || wanted.some(([name, value]) => labels[name] !== value)) {
    causes.push(
      wrong('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'),
    );
  }
  const pods = valueAt(workload, 'spec', 'template', 'spec');
  return [...causes, ...containerRules(pods, 'spec.template.spec')];
}

function containerRules(spec: Json | undefined, at: string): Cause[] {
  const containers = objectsOf(valueAt(spec, 'containers'));
  if (containers.length === 0) return [required(`${at}.containers`)];
  return containers.flatMap((container, index) =>
    ['name', 'image']
      .filter((field) => !container[field])
      .map((field) => required(`${at}.containers[${index}].${field}`)),
  );
}

function portRules(service: JsonObject): Cause[] {
  const spec = objectOf(service['spec']);
  const ports = objectsOf(spec['ports']);
  if (ports.length === 0) {
    const needsNone = spec['type'] === 'ExternalName' || spec['clusterIP'] === 'None';
    return needsNone ? [] : [required('spec.ports')];
  }
  return ports.flatMap((port, index) => {
    const at = `spec.ports[${index}]`;
    const number = port['port'];
    const isPort = typeof number === 'number' && number >= 1 && number <= 65_535;
    const naming = ports.length > 1 && !port['name'] ? [required(`${at}.name`)] : [];
    return isPort
      ? naming
      : [...naming, wrong(`${at}.port`, number ?? 0, 'must be between 1 and 65535, inclusive')];
  });
}
