// Instructions in Postgres: two statements for any number of them.
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database.ts';
import type { InstructionState } from './domain/instruction.ts';
import { raiseGenerations, type ClusterGeneration } from './generation-sql.ts';
import { InstructionStore, type IdentifiedInstruction } from './instruction-store.ts';

@Injectable()
export class PrismaInstructionStore extends InstructionStore {
  override async create(
    tx: Transaction,
    instructions: readonly IdentifiedInstruction[],
  ): Promise<readonly ClusterGeneration[]> {
    const generations = await raiseGenerations(
      tx.sql,
      instructions.map(({ clusterId }) => clusterId),
    );
    await tx.sql(
      `insert into instruction (public_id, cluster_id, instance_id, kind, payload, expires_at, generation)
       select t.public_id, t.cluster_id, t.instance_id, t.kind, t.payload, t.expires_at, c.desired_generation
         from unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::jsonb[], $6::timestamptz[])
              with ordinality t(public_id, cluster_id, instance_id, kind, payload, expires_at, number)
         join cluster c on c.id = t.cluster_id order by t.number`,
      [
        instructions.map(({ publicId }) => publicId),
        instructions.map(({ clusterId }) => clusterId),
        instructions.map(({ instanceId }) => instanceId),
        instructions.map(({ kind }) => kind),
        instructions.map(({ payload }) => JSON.stringify(payload)),
        instructions.map(({ expiresAt }) => expiresAt),
      ],
    );
    return generations;
  }

  override states(tx: Transaction, ids: readonly string[]): Promise<InstructionState[]> {
    return tx.sql<InstructionState>(
      `select public_id id, expires_at "expiresAt", acknowledged_at "acknowledgedAt", outcome
         from instruction where public_id = any($1::text[])`,
      [ids],
    );
  }
}
