// Our own GraphQL driver: Nest builds the schema and calls resolvers, graphql-js executes, nothing stands between.
import { Injectable } from '@nestjs/common';
import { AbstractGraphQLDriver, type GqlModuleOptions } from '@nestjs/graphql';
import type { FastifyInstance } from 'fastify';
import { GraphQLSchema } from 'graphql';
import { Config, servesApi } from '../config/config.ts';
import { Log } from '../logging/log.ts';
import { Metrics } from '../metrics/metrics.ts';
import { Authenticators } from './authenticators.ts';
import { buildConnections } from './connection.ts';
import { openHttpDoor } from './http-door.ts';
import { mapEvents } from './map-events.ts';
import { Operations } from './operations.ts';
import { limitPages } from './page-limit.ts';
import { SocketDoor } from './socket-door.ts';
import { SocketRegistry } from './socket-registry.ts';

type Filter = (
  this: unknown,
  payload: unknown,
  variables: unknown,
  context: unknown,
) => boolean | Promise<boolean>;
type Subscribe = (...args: unknown[]) => AsyncIterable<unknown> | Promise<AsyncIterable<unknown>>;

/** Given to Nest's GraphQLModule. */
@Injectable()
export class ThinDriver extends AbstractGraphQLDriver {
  #sockets: SocketDoor | undefined;

  constructor(
    private readonly authenticators: Authenticators,
    private readonly registry: SocketRegistry,
    private readonly metrics: Metrics,
    private readonly log: Log,
    private readonly config: Config,
  ) {
    super();
  }

  /** With what can be reached from an operation, and nothing else: Nest adds every class that it has seen. */
  override async generateSchema(options: GqlModuleOptions): Promise<GraphQLSchema> {
    buildConnections();
    const generated = await super.generateSchema(options);
    if (!generated) throw new Error('There is no GraphQL schema: no resolver was found.');
    return new GraphQLSchema({ ...generated.toConfig(), types: [] });
  }

  override start(options: GqlModuleOptions): Promise<void> {
    const { schema, path = '/graphql' } = options;
    if (!schema) throw new Error('There is no GraphQL schema: no resolver was found.');
    if (!servesApi(this.config)) return Promise.resolve();
    const operations = new Operations(limitPages(schema), this.log, this.metrics);
    const adapter = this.httpAdapterHost.httpAdapter;
    openHttpDoor(adapter.getInstance<FastifyInstance>(), path, operations, this.authenticators);
    const { authenticators, registry, log } = this;
    this.#sockets = new SocketDoor(adapter.getHttpServer(), path, {
      operations,
      authenticators,
      registry,
      log,
    });
    this.metrics.gauge('fairlead_sockets', 'Open WebSockets.', () => registry.size);
    return Promise.resolve();
  }

  /** Also called before the rest goes down, so that agents look for another replica early. */
  override stop(): Promise<void> {
    this.#sockets?.close();
    return Promise.resolve();
  }

  /** Nest's own version takes the filter and never asks it. */
  override subscriptionWithFilter(
    instance: unknown,
    filter: Filter,
    createSubscribe: () => Subscribe,
  ): Subscribe {
    return async (...args) => {
      const events = await createSubscribe()(...args);
      return mapEvents(events, async (event) =>
        (await filter.call(instance, event, args[1], args[2])) ? event : undefined,
      );
    };
  }
}
