// An agent tells what it keeps of instances that this hub does not know: a person must see that, and decide.
import { Injectable } from '@nestjs/common';
import { ActivityLog } from '../activity/activity-log.ts';
import { agentActor, type AgentPrincipal } from '../clusters/domain/agent-principal.ts';
import { Database } from '../platform/database/database.ts';
import { Log } from '../platform/logging/log.ts';
import { orphansMessage } from './domain/orphans-message.ts';
import { OrphanStore, type ReportedOrphan } from './orphan-store.ts';

@Injectable()
export class OrphanCommands {
  constructor(
    private readonly database: Database,
    private readonly store: OrphanStore,
    private readonly activity: ActivityLog,
    private readonly log: Log,
  ) {}

  /** All there are, of this session; false where it is not the newest, and nothing is changed. One event for all new ones. */
  async report(agent: AgentPrincipal, session: bigint, orphans: readonly ReportedOrphan[]): Promise<boolean> {
    const { clusterId, name: cluster } = agent;
    return this.database.transaction(async (tx) => {
      const fresh = await this.store.replace(tx, { clusterId, session }, orphans);
      if (fresh === undefined || fresh.length === 0) return fresh !== undefined;
      const message = orphansMessage(cluster, fresh);
      const data = { count: fresh.length };
      await this.activity.record(tx, [
        { kind: 'instances.orphaned', actor: agentActor(agent), message, cluster, data },
      ]);
      await this.activity.notify(tx, [
        { topic: 'cluster.changed', payload: { clusterId: String(clusterId) } },
      ]);
      tx.afterCommit(() => this.log.warn(message, { cluster, ...data }));
      return true;
    });
  }
}
