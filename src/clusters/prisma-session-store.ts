// Sessions in Postgres: however many agents say hello at once, two statements.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import type { ConnectionState } from './domain/connection-state.ts';
import { SessionStore, type AgentHello, type AgentSession } from './session-store.ts';

/** A generation of another database says nothing of this one's. Rows are locked in one order, whoever locks many. */
const BEGIN = `
with told as (
  select * from unnest($1::bigint[], $2::int[], $3::int[], $4::text[], $5::text[], $6::jsonb[], $7::bigint[], $8::text[])
    as t(id, hellos, protocol_version, agent_version, kubernetes_version, capabilities, generation, epoch)
), locked as (
  select c.id from told t join cluster c on c.id = t.id where c.revoked_at is null order by c.id for no key update of c
)
update cluster c
   set session = c.session + t.hellos, protocol_version = t.protocol_version, agent_version = t.agent_version,
       kubernetes_version = t.kubernetes_version, capabilities = array(select jsonb_array_elements_text(t.capabilities)),
       applied_generation = case when t.epoch = h.epoch then t.generation else c.applied_generation end
  from locked l
  join told t on t.id = l.id
  left join hub h on h.id = 1
 where c.id = l.id and c.revoked_at is null
returning c.id, c.session, h.epoch`;

const ANNOUNCE_ONLINE = `
with before as (
  select cluster_id, announced as was from cluster_rollup where cluster_id = any($1::bigint[])
   order by cluster_id for no key update
)
update cluster_rollup r set announced = 'ONLINE', last_seen_at = greatest(r.last_seen_at, $2)
  from before b where r.cluster_id = b.cluster_id
returning r.cluster_id as id, b.was`;

interface BegunRow {
  readonly id: bigint;
  readonly session: bigint;
  readonly epoch: string | null;
}

@Injectable()
export class PrismaSessionStore extends SessionStore {
  override async begin(
    { sql }: Transaction,
    hellos: readonly (readonly [bigint, AgentHello])[],
  ): Promise<readonly (AgentSession | undefined)[]> {
    const said = Map.groupBy(hellos, ([clusterId]) => clusterId);
    const rows = await sql<BegunRow>(BEGIN, valuesOf(said));
    const begun = new Map(rows.map(({ id, session, epoch }) => [id, { session, epoch: checked(epoch) }]));
    return hellos.map((hello) => {
      const [clusterId] = hello;
      const last = begun.get(clusterId);
      const ofCluster = said.get(clusterId) ?? [];
      // The cluster's session is that of its last hello; the others' come right before it.
      return (
        last && { ...last, session: last.session - BigInt(ofCluster.length - 1 - ofCluster.indexOf(hello)) }
      );
    });
  }

  override async announceOnline(
    { sql }: Transaction,
    clusterIds: readonly bigint[],
    at: Date,
  ): Promise<ReadonlyMap<bigint, ConnectionState>> {
    const rows = await sql<{ id: bigint; was: ConnectionState }>(ANNOUNCE_ONLINE, [clusterIds, at]);
    return new Map(rows.filter(({ was }) => was !== 'ONLINE').map(({ id, was }) => [id, was]));
  }
}

function valuesOf(
  said: ReadonlyMap<bigint, readonly (readonly [bigint, AgentHello])[]>,
): readonly (readonly unknown[])[] {
  const rows = [...said].flatMap(([id, hellos]) =>
    hellos.slice(-1).map(([, hello]) => ({ ...hello, id, hellos: hellos.length })),
  );
  return [
    rows.map(({ id }) => id),
    rows.map(({ hellos }) => hellos),
    rows.map(({ protocolVersion }) => protocolVersion),
    rows.map(({ agentVersion }) => agentVersion),
    rows.map(({ kubernetesVersion }) => kubernetesVersion),
    rows.map(({ capabilities }) => JSON.stringify(capabilities)),
    rows.map(({ appliedGeneration }) => appliedGeneration),
    rows.map(({ epoch }) => epoch),
  ];
}

function checked(epoch: string | null): string {
  if (epoch !== null) return epoch;
  throw new Error('The database has no row in "hub": its first migration did not end well.');
}
