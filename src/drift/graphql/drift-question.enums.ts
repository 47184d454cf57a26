// How drift is listed and counted, as GraphQL knows it.
import { registerEnumType } from '@nestjs/graphql';

export const DriftOrderEnum = { NEWEST: 'NEWEST', OLDEST: 'OLDEST' } as const;
export const DriftDimensionEnum = {
  APPLICATION: 'APPLICATION',
  ENVIRONMENT: 'ENVIRONMENT',
  CLUSTER: 'CLUSTER',
  OBJECT_KIND: 'OBJECT_KIND',
  PATH: 'PATH',
  MANAGER: 'MANAGER',
  MANAGER_CLASS: 'MANAGER_CLASS',
  TYPE: 'TYPE',
} as const;

registerEnumType(DriftOrderEnum, {
  name: 'DriftOrder',
  description: 'By when drift was first seen.',
  valuesMap: { NEWEST: { description: 'The latest first.' }, OLDEST: { description: 'The earliest first.' } },
});
registerEnumType(DriftDimensionEnum, {
  name: 'DriftDimension',
  description: 'What drift is counted by.',
  valuesMap: {
    APPLICATION: { description: 'Names of applications.' },
    ENVIRONMENT: { description: 'Names of environments.' },
    CLUSTER: { description: 'Names of clusters.' },
    OBJECT_KIND: { description: 'Kinds of objects.' },
    PATH: { description: 'Paths of fields; empty: whole objects.' },
    MANAGER: { description: 'Field managers; empty: unknown.' },
    MANAGER_CLASS: { description: 'Sorts of field managers.' },
    TYPE: { description: 'How it differs.' },
  },
});
