// Tells every replica's subscribers of changed instances: ids only, each reads the rows itself.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Notices } from '../activity/activity-log.ts';
import { follow } from '../platform/pubsub/follow.ts';
import { PubSub, type Topics } from '../platform/pubsub/pub-sub.ts';

@Injectable()
export class InstanceFeed implements OnModuleInit {
  constructor(
    private readonly notices: Notices,
    private readonly pubSub: PubSub,
  ) {}

  onModuleInit(): void {
    this.notices.on('instances.changed', (payloads) => {
      const ids = payloads.flatMap(({ instanceIds }) => (instanceIds as readonly unknown[]).map(String));
      return this.pubSub.publish('instances.changed', { instanceIds: [...new Set(ids)] });
    });
  }

  /** Messages from now on. */
  messages(): AsyncGenerator<Topics['instances.changed'], void, void> {
    return follow(this.pubSub, 'instances.changed');
  }
}
