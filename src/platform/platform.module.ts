// The platform as injectables: adapters that were opened before Nest began (they outlive it while it shuts down).
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Clock, SystemClock } from './clock.ts';
import { Config } from './config/config.ts';
import { Database } from './database/database.ts';
import { Authenticators } from './graphql/authenticators.ts';
import { SocketCheck } from './graphql/socket-check.ts';
import { SocketRegistry } from './graphql/socket-registry.ts';
import { OperationsEndpoints } from './http/operations-endpoints.ts';
import { Readiness } from './http/readiness.ts';
import { Log } from './logging/log.ts';
import { Metrics } from './metrics/metrics.ts';
import { PubSub } from './pubsub/pub-sub.ts';
import { JobQueue } from './queue/job.ts';
import { SecretBox } from './secret-box.ts';

/** What is opened before the modules and closed after them. */
export interface PlatformParts {
  readonly config: Config;
  readonly log: Log;
  readonly database: Database;
  readonly queue: JobQueue;
  readonly pubSub: PubSub;
  readonly secretBox: SecretBox;
}

@Global()
@Module({})
export class PlatformModule {
  static forRoot(parts: PlatformParts): DynamicModule {
    const opened = [
      { provide: Config, useValue: parts.config },
      { provide: Log, useValue: parts.log },
      { provide: Database, useValue: parts.database },
      { provide: JobQueue, useValue: parts.queue },
      { provide: PubSub, useValue: parts.pubSub },
      { provide: SecretBox, useValue: parts.secretBox },
      { provide: Clock, useClass: SystemClock },
    ];
    const made = [Authenticators, SocketCheck, SocketRegistry, Readiness, Metrics];
    return {
      module: PlatformModule,
      providers: [...opened, ...made, OperationsEndpoints],
      exports: [...opened.map(({ provide }) => provide), ...made],
    };
  }
}
