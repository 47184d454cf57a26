import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { Mutation, Query, Resolver } from '@nestjs/graphql';
import { describe, expect, it } from 'vitest';
import { CallerRuleCheck } from './caller-rule-check.ts';
import { Public } from './public.decorator.ts';
import { Requires } from './requires.decorator.ts';

@Resolver()
class GoodResolver {
  @Requires('VIEWER')
  @Query(() => String)
  read(): string {
    return '';
  }

  @Public()
  @Mutation(() => String)
  join(): string {
    return '';
  }

  notAnOperation(): void {}
}

@Requires('ADMIN')
@Resolver()
class WhollyGuardedResolver {
  @Mutation(() => String)
  destroy(): string {
    return '';
  }
}

@Resolver()
class ForgetfulResolver {
  @Mutation(() => String)
  forgotten(): string {
    return '';
  }
}

@Controller('things')
class ForgetfulController {
  @Get()
  open(): string {
    return '';
  }
}

async function start(parts: {
  providers: (new () => object)[];
  controllers?: (new () => object)[];
}): Promise<void> {
  class Application {}
  Module({ imports: [DiscoveryModule], ...parts, providers: [...parts.providers, CallerRuleCheck] })(
    Application,
  );
  const context = await NestFactory.createApplicationContext(Application, {
    logger: false,
    abortOnError: false,
  });
  await context.close();
}

describe('the start check', () => {
  it('lets a hub start whose operations all say who may call them', async () => {
    await expect(start({ providers: [GoodResolver, WhollyGuardedResolver] })).resolves.toBeUndefined();
  });

  it('names each operation and route that does not', async () => {
    const started = start({
      providers: [GoodResolver, ForgetfulResolver],
      controllers: [ForgetfulController],
    });
    await expect(started).rejects.toThrow(/ForgetfulResolver\.forgotten, ForgetfulController\.open/);
  });
});
