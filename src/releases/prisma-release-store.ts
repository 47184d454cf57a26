// Releases in Postgres.
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/database.ts';
import { pageOf, type Page } from '../platform/graphql/connection.ts';
import type { Release, RenderedInput } from './domain/release.ts';
import type { TargetCluster, TargetSlot } from './domain/resolved-inputs.ts';
import {
  ReleaseStore,
  type ListedBundle,
  type ListedCommit,
  type NewRelease,
  type ReleaseRange,
} from './release-store.ts';

const columns = `r.id, r.application_id "applicationId", r.number, r.commit, r.author,
  r.author_email "authorEmail", r.message, r.committed_at "committedAt", r.source, r.created_at "createdAt"`;

const clustersOfSlot = `left join environment_member m on m.environment_id = e.id
  left join cluster c on c.id = m.cluster_id`;

const bundlesOf = (
  release: string,
) => `select distinct b.digest, e.id "environmentId", e.name environment, b.objects, b.bytes
  from release_bundle rb join bundle b on b.digest = rb.bundle_digest join environment e on e.id = rb.environment_id
  where rb.release_id = ${release}`;

interface SlotRow {
  readonly environmentId: bigint;
  readonly environment: string;
  readonly clusterId: bigint | null;
  readonly cluster: string;
  readonly labels: Readonly<Record<string, string>>;
}

const slotColumns = 'e.id "environmentId", e.name environment, c.id "clusterId", c.name cluster, c.labels';

@Injectable()
export class PrismaReleaseStore extends ReleaseStore {
  constructor(private readonly database: Database) {
    super();
  }

  override findByIds(
    ids: readonly bigint[],
    { sql }: Pick<Transaction, 'sql'> = this.database,
  ): Promise<Release[]> {
    return sql<Release>(`select ${columns} from release r where r.id = any($1::bigint[])`, [ids]);
  }

  override async findByNumber(application: string, number: number): Promise<Release | undefined> {
    const [row] = await this.database.sql<Release>(
      `select ${columns} from release r join application a on a.id = r.application_id
       where a.name = $1 and r.number = $2`,
      [application, number],
    );
    return row;
  }

  override latest(applicationIds: readonly bigint[]): Promise<Release[]> {
    return this.database.sql<Release>(
      `select ${columns} from unnest($1::bigint[]) as wanted(id)
       join lateral (select * from release where application_id = wanted.id order by number desc limit 1) r on true`,
      [applicationIds],
    );
  }

  override async page(
    applicationId: bigint,
    first: number,
    before: number | undefined,
  ): Promise<Page<Release>> {
    const rows = await this.database.sql<Release>(
      `select ${columns} from release r where r.application_id = $1 and ($2::int is null or r.number < $2)
       order by r.number desc limit $3`,
      [applicationId, before ?? null, first + 1],
    );
    return pageOf(rows, first);
  }

  override async firstPages(applicationIds: readonly bigint[], first: number): Promise<Page<Release>[]> {
    const rows = await this.database.sql<Release>(
      `select ${columns} from unnest($1::bigint[]) as wanted(id)
       join lateral (select * from release where application_id = wanted.id order by number desc limit $2) r on true
       order by r.number desc`,
      [applicationIds, first + 1],
    );
    const byApplication = Map.groupBy(rows, (row) => row.applicationId);
    return applicationIds.map((id) => pageOf(byApplication.get(id) ?? [], first));
  }

  override renderedInputs(
    releaseId: bigint,
    { sql }: Pick<Transaction, 'sql'> = this.database,
  ): Promise<RenderedInput[]> {
    return sql<RenderedInput>(
      `select environment_id "environmentId", inputs_digest "inputsDigest", closure_digest "closureDigest",
         bundle_digest "bundleDigest"
       from release_bundle where release_id = $1`,
      [releaseId],
    );
  }

  override async bundlePage(
    releaseId: bigint,
    first: number,
    after: readonly [string, string] | undefined,
  ): Promise<Page<ListedBundle>> {
    const rows = await this.database.sql<ListedBundle>(
      `${bundlesOf('$1')} and ($2::text is null or (e.name, b.digest) > ($2, $3)) order by e.name, b.digest limit $4`,
      [releaseId, after?.[0] ?? null, after?.[1] ?? null, first + 1],
    );
    return pageOf(rows, first);
  }

  override async firstBundlePages(
    releaseIds: readonly bigint[],
    first: number,
  ): Promise<Page<ListedBundle>[]> {
    const rows = await this.database.sql<ListedBundle & { readonly releaseId: bigint }>(
      `select wanted.id "releaseId", page.* from unnest($1::bigint[]) as wanted(id)
       join lateral (${bundlesOf('wanted.id')} order by e.name, b.digest limit $2) page on true
       order by page.environment, page.digest`,
      [releaseIds, first + 1],
    );
    const byRelease = Map.groupBy(rows, (row) => row.releaseId);
    return releaseIds.map((id) => pageOf(byRelease.get(id) ?? [], first));
  }

  override async slots(applicationId: bigint): Promise<TargetSlot[]> {
    const rows = await this.database.sql<SlotRow>(
      `select ${slotColumns} from application a join policy p on p.id = a.policy_id
       join policy_revision v on v.policy_id = p.id and v.revision = p.current_revision
       join environment e on e.name = any(v.environments) ${clustersOfSlot}
       where a.id = $1 order by array_position(v.environments, e.name), c.name`,
      [applicationId],
    );
    return toSlots(rows);
  }

  override async slot(
    environmentId: bigint,
    { sql }: Pick<Transaction, 'sql'> = this.database,
  ): Promise<TargetSlot | undefined> {
    const rows = await sql<SlotRow>(
      `select ${slotColumns} from environment e ${clustersOfSlot} where e.id = $1 order by c.name`,
      [environmentId],
    );
    return toSlots(rows)[0];
  }

  override async commitPage(
    { applicationId, after: afterNumber, upTo }: ReleaseRange,
    first: number,
    after: readonly [number, number] | undefined,
  ): Promise<Page<ListedCommit>> {
    const rows = await this.database.sql<ListedCommit>(
      `select r.number "releaseNumber", c.position, c.sha commit, c.author, c.author_email "authorEmail", c.message,
              c.committed_at "committedAt"
         from release r join release_commit c on c.release_id = r.id
        where r.application_id = $1 and r.number > $2 and r.number <= $3
          and ($4::int is null or (-r.number, c.position) > (-$4, $5))
        order by -r.number, c.position limit $6`,
      [applicationId, afterNumber, upTo, after?.[0] ?? null, after?.[1] ?? null, first + 1],
    );
    return pageOf(rows, first);
  }

  override async commitCounts(ranges: readonly ReleaseRange[]): Promise<number[]> {
    const rows = await this.database.sql<{ count: number }>(
      `select count(c.release_id)::int count
         from unnest($1::bigint[], $2::int[], $3::int[]) with ordinality t(application_id, after, up_to, asked)
         left join release r on r.application_id = t.application_id and r.number > t.after and r.number <= t.up_to
         left join release_commit c on c.release_id = r.id
        group by t.asked order by t.asked`,
      [
        ranges.map(({ applicationId }) => applicationId),
        ranges.map(({ after }) => after),
        ranges.map(({ upTo }) => upTo),
      ],
    );
    return rows.map(({ count }) => count);
  }

  override async lockNumber(tx: Transaction, applicationId: bigint): Promise<number | undefined> {
    const [row] = await tx.sql<{ number: number }>(
      'select next_release_number number from application where id = $1 for update',
      [applicationId],
    );
    return row?.number;
  }

  override async create(tx: Transaction, number: number, release: NewRelease): Promise<Release> {
    const { applicationId, commit, author, authorEmail, message, committedAt, source, sourceDigest } =
      release;
    const [row] = await tx.sql<Release>(
      `insert into release as r (application_id, number, commit, author, author_email, message, committed_at, source,
         source_digest)
       values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9) returning ${columns}`,
      [
        applicationId,
        number,
        commit,
        author,
        authorEmail,
        message,
        committedAt,
        JSON.stringify(source),
        sourceDigest,
      ],
    );
    if (!row) throw new Error('the release was not stored');
    await tx.sql('update application set next_release_number = $2 where id = $1', [
      applicationId,
      number + 1,
    ]);
    await this.addInputs(tx, row.id, release.inputs);
    await this.addCommits(tx, row.id, release.commits);
    return row;
  }

  private async addCommits(
    tx: Transaction,
    releaseId: bigint,
    commits: NewRelease['commits'],
  ): Promise<void> {
    await tx.sql(
      `insert into release_commit (release_id, position, sha, author, author_email, message, committed_at)
       select $1, t.position - 1, t.sha, t.author, t.email, t.message, t.at
         from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
              with ordinality t(sha, author, email, message, at, position)`,
      [
        releaseId,
        commits.map(({ commit }) => commit),
        commits.map(({ author }) => author),
        commits.map(({ authorEmail }) => authorEmail),
        commits.map(({ message }) => message),
        commits.map(({ committedAt }) => committedAt),
      ],
    );
  }

  override async addInputs(
    tx: Transaction,
    releaseId: bigint,
    inputs: readonly RenderedInput[],
  ): Promise<void> {
    await tx.sql(
      `insert into release_bundle (release_id, environment_id, inputs_digest, closure_digest, bundle_digest)
       select $1, * from unnest($2::bigint[], $3::text[], $4::text[], $5::text[]) on conflict do nothing`,
      [
        releaseId,
        inputs.map((input) => input.environmentId),
        inputs.map((input) => input.inputsDigest),
        inputs.map((input) => input.closureDigest),
        inputs.map((input) => input.bundleDigest),
      ],
    );
  }
}

function toSlots(rows: readonly SlotRow[]): TargetSlot[] {
  const slots = new Map<bigint, TargetSlot & { clusters: TargetCluster[] }>();
  for (const { environmentId, environment, clusterId, cluster, labels } of rows) {
    const slot = slots.get(environmentId) ?? { environmentId, environment, clusters: [] };
    if (clusterId !== null) slot.clusters.push({ id: clusterId, name: cluster, labels });
    slots.set(environmentId, slot);
  }
  return [...slots.values()];
}
