// At start: every operation and every controller's route must say who may call it, or the hub does not start.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { RESOLVER_TYPE_METADATA } from '@nestjs/graphql';
import { CALLER_RULE } from './allowed-callers.decorator.ts';

const rootTypes = new Set(['Query', 'Mutation', 'Subscription']);
/** Nest's own mark on a controller's method. */
const ROUTE_PATH = 'path';

interface Place {
  readonly owner: object;
  readonly isEntry: (method: object) => boolean;
}

@Injectable()
export class CallerRuleCheck implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const missing = this.operationsWithoutRule();
    if (missing.length === 0) return;
    throw new Error(
      `These operations do not say who may call them (add @Requires, @ForAgents or @Public): ${missing.join(', ')}`,
    );
  }

  /** `Class.method` of each. */
  operationsWithoutRule(): string[] {
    return this.places().flatMap((place) => this.missingOf(place));
  }

  private places(): Place[] {
    const isOperation = (method: object) =>
      rootTypes.has(this.reflector.get<string>(RESOLVER_TYPE_METADATA, asKey(method)));
    const isRoute = (method: object) => this.reflector.get<unknown>(ROUTE_PATH, asKey(method)) !== undefined;
    const providers = this.discovery
      .getProviders()
      .map(({ instance }) => ({ owner: instance as unknown, isEntry: isOperation }));
    const controllers = this.discovery
      .getControllers()
      .map(({ instance }) => ({ owner: instance as unknown, isEntry: isRoute }));
    return [...providers, ...controllers].filter(
      (place): place is Place => typeof place.owner === 'object' && place.owner !== null,
    );
  }

  private missingOf({ owner, isEntry }: Place): string[] {
    const prototype = Object.getPrototypeOf(owner) as object | null;
    if (!prototype || prototype === Object.prototype) return [];
    return this.scanner
      .getAllMethodNames(prototype)
      .map((name) => ({ name, method: Reflect.get(prototype, name) as unknown }))
      .filter(
        ({ method }) =>
          typeof method === 'function' && isEntry(method) && !this.hasRule(method, owner.constructor),
      )
      .map(({ name }) => `${owner.constructor.name}.${name}`);
  }

  private hasRule(method: object, owner: object): boolean {
    return this.reflector.getAllAndOverride(CALLER_RULE, [asKey(method), asKey(owner)]) !== undefined;
  }
}

/** Nest's Reflector declares that it reads functions and classes; both are objects of that kind here. */
function asKey(target: object): () => unknown {
  return target as () => unknown;
}
