// Prints the API's schema from the code, without a database: node dist/print-schema.js [FILE]. The file is committed.
import { writeFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { AbstractGraphQLDriver } from '@nestjs/graphql';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { HubModule } from './hub.module.ts';
import { readSettings } from './platform/config/settings.ts';
import { PostgresDatabase } from './platform/database/postgres-database.ts';
import { graphqlOptions } from './platform/graphql/graphql-options.ts';
import type { ThinDriver } from './platform/graphql/thin-driver.ts';
import { PinoLog } from './platform/logging/pino-log.ts';
import type { PlatformParts } from './platform/platform.module.ts';
import { PostgresPubSub } from './platform/pubsub/postgres-pub-sub.ts';
import { BullJobQueue } from './platform/queue/bull-job-queue.ts';
import { SecretBox } from './platform/secret-box.ts';

/** The real parts, none of which connects before it is used. */
function unopenedParts(): PlatformParts {
  const [databaseUrl, secretKey] = ['postgresql://127.0.0.1:1/none', 'no-secret-is-read-with-this-key'];
  const settings = readSettings({ FAIRLEAD_DATABASE_URL: databaseUrl, FAIRLEAD_SECRET_KEY: secretKey });
  const log = new PinoLog('error');
  const database = new PostgresDatabase(databaseUrl, log);
  return {
    config: { ...settings, databaseUrl, secretKey, embeddedDatabase: false },
    log,
    database,
    secretBox: new SecretBox(secretKey),
    pubSub: new PostgresPubSub(databaseUrl, database, log),
    queue: new BullJobQueue({ databaseUrl }, log),
  };
}

// Made, never initialised: no hook runs, nothing listens.
const app = await NestFactory.create(HubModule.forRoot(unopenedParts()), new FastifyAdapter(), {
  logger: ['error'],
  abortOnError: false,
});
const driver = app.get<ThinDriver>(AbstractGraphQLDriver, { strict: false });
const schema = await driver.generateSchema(graphqlOptions);
const text = `# Printed from src/ by npm run schema; not edited by hand.\n${printSchema(lexicographicSortSchema(schema))}\n`;
const [, , file] = process.argv;
if (file === undefined) process.stdout.write(text);
else writeFileSync(file, text);
process.exit(0);
