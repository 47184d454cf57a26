// Owns checks: questions to the world outside that a promotion's gates and verification wait for.
import { Module } from '@nestjs/common';
import { ActivityModule } from '../../activity/activity.module.ts';
import { DeliveryModule } from '../../delivery/delivery.module.ts';
import { Config } from '../../platform/config/config.ts';
import { OutboundHttp } from '../../platform/http/outbound-http.ts';
import { SecretResolver } from '../graphql/secret.resolver.ts';
import { CheckAnswerDoor } from './check-answer-door.ts';
import { CheckAnswers } from './check-answers.ts';
import { CheckEnds } from './check-ends.ts';
import { CheckRunStore } from './check-run-store.ts';
import { CheckRunner } from './check-runner.ts';
import { Checks } from './checks-port.ts';
import { ChecksProcessor } from './checks.processor.ts';
import { HubSecretCommands } from './hub-secret-commands.ts';
import { HubSecretStore } from './hub-secret-store.ts';
import { JobQuestion } from './job-question.ts';
import { PrismaCheckRunStore } from './prisma-check-run-store.ts';
import { PrismaHubSecretStore } from './prisma-hub-secret-store.ts';
import { StoredChecks } from './stored-checks.ts';
import { WebhookQuestion } from './webhook-question.ts';

@Module({
  imports: [ActivityModule, DeliveryModule],
  providers: [
    { provide: CheckRunStore, useClass: PrismaCheckRunStore },
    { provide: Checks, useClass: StoredChecks },
    { provide: HubSecretStore, useClass: PrismaHubSecretStore },
    {
      provide: OutboundHttp,
      useFactory: ({ privateChecks }: Config) => new OutboundHttp(privateChecks),
      inject: [Config],
    },
    CheckAnswerDoor,
    CheckAnswers,
    CheckEnds,
    CheckRunner,
    ChecksProcessor,
    HubSecretCommands,
    JobQuestion,
    SecretResolver,
    WebhookQuestion,
  ],
  exports: [Checks],
})
export class ChecksModule {}
