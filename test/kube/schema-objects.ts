// Objects of every kind that an API server serves, made from its OpenAPI schema: a small valid one first, then every
// further field that the API server accepts.
import type { Json, KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { RawApi } from '../support/raw-api.ts';
import { smallestObjects } from './smallest-objects.ts';

/** How a schema describes one value. */
interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly Json[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly 'x-kubernetes-group-version-kind'?: readonly Kind[];
}

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** What came of it; `refused`: kinds of which no object was accepted, with the API server's reason. */
export interface SchemaObjects {
  readonly objects: readonly KubernetesObject[];
  readonly fields: number;
  readonly refused: readonly string[];
}

// Deeper lie variants of what was seen above, and a pod template has thousands of them.
const DEEPEST = 4;
// A Node belongs to its machine: the controller manager writes the same taints that a bundle could give.
const NOBODYS = new Set(['Node']);
// Taken once and refused ever after: an empty selector of a Job is replaced by one of the API server's own.
const TAKEN_ONCE = new Set(['Job spec.selector']);
const MOST_FIELDS = 60;

/** Asks the API server by dry runs which fields of which kinds it accepts. `namespace` has to exist. */
export async function schemaObjects(api: RawApi, namespace: string): Promise<SchemaObjects> {
  const objects: KubernetesObject[] = [];
  const refused: string[] = [];
  let fields = 0;
  for (const groupVersion of await groupVersions(api)) {
    const schemas = await schemasOf(api, groupVersion);
    for (const resource of await resourcesOf(api, groupVersion)) {
      const grown = await new Growth({ api, schemas, groupVersion, resource, namespace }).grow();
      if (typeof grown === 'string') refused.push(`${resource.kind}.${groupVersion}: ${grown}`);
      else objects.push(grown.object);
      fields += typeof grown === 'string' ? 0 : grown.fields;
    }
  }
  return { objects, fields, refused };
}

interface GrowthParts {
  readonly api: RawApi;
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly groupVersion: string;
  readonly resource: Resource;
  readonly namespace: string;
}

/** Lets one object grow field by field. */
class Growth {
  readonly #parts: GrowthParts;

  constructor(parts: GrowthParts) {
    this.#parts = parts;
  }

  async grow(): Promise<{ object: KubernetesObject; fields: number } | string> {
    const schema = this.#schemaOfKind();
    if (!schema) return 'it has no schema';
    let object = this.#smallest(schema);
    const problem = await this.#problemOf(object);
    if (problem !== undefined) return problem;
    let fields = 0;
    for (const path of this.#paths(schema, [], object as Json).slice(0, MOST_FIELDS * 4)) {
      if (fields >= MOST_FIELDS) break;
      const larger = withField(object, path.steps, path.value);
      if (!larger || (await this.#problemOf(larger)) !== undefined) continue;
      object = larger;
      fields += 1;
    }
    return { object, fields };
  }

  #schemaOfKind(): Schema | undefined {
    const { schemas, groupVersion, resource } = this.#parts;
    return Object.values(schemas).find((schema) =>
      schema['x-kubernetes-group-version-kind']?.some(
        ({ group, version, kind }) =>
          kind === resource.kind && (group === '' ? version : `${group}/${version}`) === groupVersion,
      ),
    );
  }

  #smallest(schema: Schema): KubernetesObject {
    const { groupVersion, resource, namespace } = this.#parts;
    const { kind, namespaced } = resource;
    const given = smallestObjects[`${groupVersion}/${kind}`] ?? {};
    const required = this.#required(schema, 0) as object;
    const metadata = { name: given.name ?? `made-${kind.toLowerCase()}`, ...(namespaced && { namespace }) };
    const { name: _name, ...content } = given;
    return { ...required, apiVersion: groupVersion, kind, ...content, metadata };
  }

  /** Why the API server does not take it. */
  async #problemOf(object: KubernetesObject): Promise<string | undefined> {
    const { groupVersion, resource } = this.#parts;
    const { name, namespace } = object.metadata;
    const root = groupVersion === 'v1' ? '/api/v1' : `/apis/${groupVersion}`;
    const place = namespace === undefined ? root : `${root}/namespaces/${namespace}`;
    const query = 'fieldManager=fairlead&force=true&dryRun=All&fieldValidation=Strict';
    const path = `${place}/${resource.name}/${name}?${query}`;
    const { status, body } = await this.#parts.api('PATCH', path, object, 'application/apply-patch+yaml');
    return status < 300 ? undefined : String(body['message']);
  }

  /** Every field that the object does not have yet, the outer ones first. */
  #paths(schema: Schema, above: readonly string[], value: Json | undefined): readonly NewField[] {
    const properties = this.#resolved(schema).properties ?? {};
    if (above.length >= DEEPEST) return [];
    const found: NewField[] = [];
    for (const [name, below] of Object.entries(properties)) {
      if (above.length === 0 && ['apiVersion', 'kind', 'metadata', 'status'].includes(name)) continue;
      const steps = [...above, name];
      const present = isMembers(value) ? value[name] : undefined;
      const made = this.#value(below, 0);
      const isTakenOnce = TAKEN_ONCE.has(`${this.#parts.resource.kind} ${steps.join('.')}`);
      if (present === undefined && made !== undefined && !isTakenOnce) found.push({ steps, value: made });
      found.push(...this.#paths(below, steps, present));
    }
    return found.sort((a, b) => a.steps.length - b.steps.length);
  }

  #resolved(schema: Schema): Schema {
    const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
    if (reference === undefined) return schema;
    return this.#parts.schemas[reference.split('/').at(-1) ?? ''] ?? schema;
  }

  #required(schema: Schema, depth: number): Json {
    const { properties = {}, required = [] } = this.#resolved(schema);
    const members = required.map((name) => [name, this.#value(properties[name] ?? {}, depth + 1)] as const);
    return Object.fromEntries(members.filter(([, value]) => value !== undefined));
  }

  #value(given: Schema, depth: number): Json | undefined {
    const schema = this.#resolved(given);
    const simple = simpleValue(schema);
    if (simple !== undefined || depth > DEEPEST) return simple;
    if (schema.type === 'array') return listOf(this.#value(schema.items ?? {}, depth + 1));
    return schema.type === 'object' ? this.#object(schema, depth) : undefined;
  }

  #object(schema: Schema, depth: number): Json | undefined {
    if (schema.properties) return this.#required(schema, depth);
    const { additionalProperties } = schema;
    if (typeof additionalProperties !== 'object') return {};
    const value = this.#value(additionalProperties, depth + 1);
    return value === undefined ? undefined : { made: value };
  }
}

interface NewField {
  readonly steps: readonly string[];
  readonly value: Json;
}

const TEXTS: Readonly<Record<string, string>> = {
  'date-time': '2030-01-01T00:00:00Z',
  byte: 'bWFkZQ==',
};

const SIMPLE: Readonly<Record<string, Json>> = { string: 'made', integer: 1, number: 1, boolean: true };

function simpleValue({ enum: words, type = '', format = '', oneOf, properties }: Schema): Json | undefined {
  if (words) return words[0];
  // As people write amounts: not as the API server keeps them.
  if (format === 'quantity' || (oneOf && !properties)) return '1000m';
  return (type === 'string' ? TEXTS[format] : undefined) ?? SIMPLE[type];
}

function listOf(item: Json | undefined): Json | undefined {
  return item === undefined ? undefined : [item];
}

function isMembers(value: Json | undefined): value is { [key: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withField(
  object: KubernetesObject,
  steps: readonly string[],
  value: Json,
): KubernetesObject | undefined {
  const copy = structuredClone(object) as { [key: string]: Json };
  let place: { [key: string]: Json | undefined } = copy;
  for (const step of steps.slice(0, -1)) {
    const next = place[step];
    if (!isMembers(next)) return undefined;
    place = next;
  }
  place[steps.at(-1) ?? ''] = value;
  return copy as KubernetesObject;
}

async function groupVersions(api: RawApi): Promise<readonly string[]> {
  interface Groups {
    readonly groups: readonly { readonly preferredVersion: { readonly groupVersion: string } }[];
  }
  const { body } = await api<Groups>('GET', '/apis');
  return ['v1', ...body.groups.map(({ preferredVersion }) => preferredVersion.groupVersion)];
}

async function resourcesOf(api: RawApi, groupVersion: string): Promise<readonly Resource[]> {
  const path = groupVersion === 'v1' ? '/api/v1' : `/apis/${groupVersion}`;
  const { body } = await api<{ resources: readonly Resource[] }>('GET', path);
  return body.resources.filter(
    ({ name, kind, verbs }) =>
      !name.includes('/') &&
      !NOBODYS.has(kind) &&
      ['patch', 'create', 'watch', 'delete'].every((verb) => verbs.includes(verb)),
  );
}

async function schemasOf(api: RawApi, groupVersion: string): Promise<Readonly<Record<string, Schema>>> {
  const path = groupVersion === 'v1' ? 'api/v1' : `apis/${groupVersion}`;
  const { body } = await api<{ components?: { schemas?: Record<string, Schema> } }>(
    'GET',
    `/openapi/v3/${path}`,
  );
  return body.components?.schemas ?? {};
}
