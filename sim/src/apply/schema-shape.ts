// Ownership shapes of custom kinds, read from the structural schema of their CustomResourceDefinition.
import type { Json, JsonObject } from '../json-value.ts';
import { isObject, listOf, objectOf } from '../json-value.ts';
import { METADATA } from './pod-shape.ts';
import type { FieldsShape, Shape } from './shape.ts';
import { ATOMIC, fields, keyed, SET, UNKNOWN } from './shape.ts';

/** The shape of a whole custom object; its metadata follows the rules of every object's metadata. */
export function shapeOfSchema(schema: JsonObject): FieldsShape {
  return fields({ ...propertyShapes(schema), metadata: METADATA });
}

function propertyShapes(schema: JsonObject): Record<string, Shape> {
  const shapes: Record<string, Shape> = {};
  for (const [name, property] of Object.entries(objectOf(schema['properties']))) {
    if (isObject(property)) shapes[name] = schemaShape(property);
  }
  return shapes;
}

function schemaShape(schema: JsonObject): Shape {
  if (schema['x-kubernetes-map-type'] === 'atomic') return ATOMIC;
  if (schema['type'] === 'array') return listShape(schema);
  return schema['type'] === 'object' ? fields(propertyShapes(schema)) : UNKNOWN;
}

function listShape(schema: JsonObject): Shape {
  const kind: Json | undefined = schema['x-kubernetes-list-type'];
  if (kind === 'set') return SET;
  const keys = listOf(schema['x-kubernetes-list-map-keys']).filter((key) => typeof key === 'string');
  return kind === 'map' ? keyed(keys, schemaShape(objectOf(schema['items']))) : ATOMIC;
}
