// How Nest builds our schema.
import type { GqlModuleOptions } from '@nestjs/graphql';
import { DateTimeScalar } from './scalars.ts';
import { ThinDriver } from './thin-driver.ts';

/** Code-first, sorted, nothing written to disk (scripts/print-schema.ts does that). */
export const graphqlOptions = {
  driver: ThinDriver,
  path: '/graphql',
  autoSchemaFile: true,
  sortSchema: true,
  buildSchemaOptions: {
    numberScalarMode: 'integer',
    noDuplicatedFields: true,
    scalarsMap: [{ type: Date, scalar: DateTimeScalar }],
  },
} satisfies GqlModuleOptions;
