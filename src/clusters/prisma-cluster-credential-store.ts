// Agents' credentials in Postgres.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import { Gathered } from '../platform/gathered.ts';
import { ClusterCredentialStore, type KnownCredential } from './cluster-credential-store.ts';

@Injectable()
export class PrismaClusterCredentialStore extends ClusterCredentialStore {
  // A fleet that is rung all at once comes with all its credentials at once.
  private readonly looks = new Gathered<Uint8Array, KnownCredential | undefined>(
    (hashes) => this.findByHashes(hashes),
    { maxKeys: 500, atOnce: 2 },
  );

  constructor(private readonly database: Database) {
    super();
  }

  override async issue(
    { sql }: Transaction,
    credential: {
      readonly clusterId: bigint;
      readonly hash: Uint8Array;
      readonly issuedAt: Date;
      readonly expiresAt: Date;
    },
  ): Promise<void> {
    const { clusterId, hash, issuedAt, expiresAt } = credential;
    await sql(
      'delete from cluster_credential where cluster_id = $1 and (first_used_at is null or expires_at <= $2)',
      [clusterId, issuedAt],
    );
    await sql(
      'insert into cluster_credential (cluster_id, hash, issued_at, expires_at) values ($1, $2, $3, $4)',
      [clusterId, hash, issuedAt, expiresAt],
    );
  }

  override findByHash(hash: Uint8Array): Promise<KnownCredential | undefined> {
    return this.looks.ask(hash);
  }

  override async noteFirstUse({ id, clusterId }: KnownCredential, at: Date): Promise<void> {
    await this.database.transaction(async ({ sql }) => {
      await sql('update cluster_credential set first_used_at = $2 where id = $1', [id, at]);
      await sql('delete from cluster_credential where cluster_id = $1 and id < $2', [clusterId, id]);
    });
  }

  override async deleteAll({ sql }: Transaction, clusterId: bigint): Promise<void> {
    await sql('delete from cluster_credential where cluster_id = $1', [clusterId]);
  }

  private async findByHashes(hashes: readonly Uint8Array[]): Promise<(KnownCredential | undefined)[]> {
    const rows = await this.database.sql<KnownCredential & { readonly asked: bigint }>(
      `select t.asked, k.id, k.cluster_id as "clusterId", c.name as "clusterName", c.public_key as "publicKey",
         k.expires_at as "expiresAt", k.first_used_at as "firstUsedAt"
       from unnest($1::bytea[]) with ordinality t(hash, asked)
       join cluster_credential k on k.hash = t.hash
       join cluster c on c.id = k.cluster_id and c.revoked_at is null`,
      [hashes],
    );
    const byHash = new Map(rows.map(({ asked, ...known }) => [Number(asked), known]));
    return hashes.map((_, index) => byHash.get(index + 1));
  }
}
