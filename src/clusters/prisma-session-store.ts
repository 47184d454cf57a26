// Sessions in Postgres: however many agents say hello at once, two statements.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import type { ConnectionState } from './domain/connection-state.ts';
import { SessionStore, type AgentSession, type SaidHello } from './session-store.ts';

/** A generation of another database says nothing of this one's. Rows are locked in one order, whoever locks many. */
const BEGIN = `
with told as (
  select * from unnest($1::bigint[], $2::int[], $3::int[], $4::text[], $5::text[], $6::jsonb[], $7::bigint[], $8::text[],
                       $9::text[])
    as t(id, hellos, protocol_version, agent_version, kubernetes_version, capabilities, generation, epoch, public_key)
), locked as (
  select c.id from told t join cluster c on c.id = t.id and c.public_key = t.public_key
   where c.revoked_at is null order by c.id for no key update of c
)
update cluster c
   set session = c.session + t.hellos, protocol_version = t.protocol_version, agent_version = t.agent_version,
       kubernetes_version = t.kubernetes_version, capabilities = array(select jsonb_array_elements_text(t.capabilities)),
       applied_generation = case when t.epoch = h.epoch then t.generation else c.applied_generation end
  from locked l
  join told t on t.id = l.id
  left join hub h on h.id = 1
 where c.id = l.id and c.public_key = t.public_key and c.revoked_at is null
returning c.id, c.public_key as "publicKey", c.session, h.epoch`;

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
  readonly publicKey: string;
  readonly session: bigint;
  readonly epoch: string | null;
}

@Injectable()
export class PrismaSessionStore extends SessionStore {
  override async begin(
    { sql }: Transaction,
    hellos: readonly SaidHello[],
  ): Promise<readonly (AgentSession | undefined)[]> {
    const byAgent = Map.groupBy(hellos, ({ caller }) => agentKey(caller.clusterId, caller.publicKey));
    const rows = await sql<BegunRow>(BEGIN, valuesOf([...byAgent.values()]));
    const begun = new Map(
      rows.map(({ id, publicKey, session, epoch }) => [
        agentKey(id, publicKey),
        { session, epoch: checked(epoch) },
      ]),
    );
    return hellos.map((hello) => {
      const agent = agentKey(hello.caller.clusterId, hello.caller.publicKey);
      const last = begun.get(agent);
      const ofAgent = byAgent.get(agent) ?? [];
      // The cluster's session is that of its last hello; the others' come right before it.
      return last && { ...last, session: last.session - BigInt(ofAgent.length - 1 - ofAgent.indexOf(hello)) };
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

/** A cluster's old agent and that of the rebuilt one may say hello in the same moment. */
function agentKey(clusterId: bigint, publicKey: string): string {
  return `${clusterId} ${publicKey}`;
}

function valuesOf(byAgent: readonly (readonly SaidHello[])[]): readonly (readonly unknown[])[] {
  const rows = byAgent.flatMap((hellos) =>
    hellos.slice(-1).map(({ caller, said }) => ({ ...said, ...caller, hellos: hellos.length })),
  );
  return [
    rows.map(({ clusterId }) => clusterId),
    rows.map(({ hellos }) => hellos),
    rows.map(({ protocolVersion }) => protocolVersion),
    rows.map(({ agentVersion }) => agentVersion),
    rows.map(({ kubernetesVersion }) => kubernetesVersion),
    rows.map(({ capabilities }) => JSON.stringify(capabilities)),
    rows.map(({ appliedGeneration }) => appliedGeneration),
    rows.map(({ epoch }) => epoch),
    rows.map(({ publicKey }) => publicKey),
  ];
}

function checked(epoch: string | null): string {
  if (epoch !== null) return epoch;
  throw new Error('The database has no row in "hub": its first migration did not end well.');
}
