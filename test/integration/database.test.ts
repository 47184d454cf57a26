import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../support/silent-log.ts';
import { PostgresDatabase, sqlStateOf } from '../../src/platform/database/postgres-database.ts';
import { startTestDatabase } from '../support/postgres.ts';

let database: PostgresDatabase;

beforeAll(async () => {
  const { connectionString } = await startTestDatabase();
  database = new PostgresDatabase(connectionString, silentLog);
});
afterAll(() => database.close());

const countOf = async (name: string) => {
  const [row] = await database.sql<{ n: bigint }>('select count(*) n from environment where name = $1', [
    name,
  ]);
  return row?.n;
};

describe('the database', () => {
  it('gives int8 as bigint, also in arrays, timestamptz as Date and jsonb parsed', async () => {
    const [row] = await database.sql('select 1::int8 a, $1::int8[] b, now() c, $2::jsonb d, null::int8[] e', [
      [1n, 9_007_199_254_740_993n],
      '{"x":1}',
    ]);
    expect(row).toEqual({
      a: 1n,
      b: [1n, 9_007_199_254_740_993n],
      c: expect.any(Date),
      d: { x: 1 },
      e: null,
    });
  });

  it('runs raw SQL of a Prisma transaction in that very transaction', async () => {
    await database.transaction(async (tx) => {
      const made = await tx.prisma.environment.create({ data: { name: 'one', selector: '' } });
      const seen = await tx.sql<{ id: bigint }>('select id from environment where name = $1', ['one']);
      expect(seen).toEqual([{ id: made.id }]);
      expect(await countOf('one')).toBe(0n);
    });
    expect(await countOf('one')).toBe(1n);
  });

  it('keeps simultaneous Prisma transactions on connections of their own', async () => {
    const ids = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        database
          .transaction(async (tx) => {
            await tx.prisma.environment.create({ data: { name: `many-${index}`, selector: '' } });
            const [row] = await tx.sql<{ pid: number; n: bigint }>(
              "select pg_backend_pid() pid, (select count(*) from environment where name like 'many-%') n",
            );
            expect(row?.n).toBe(1n);
            throw Object.assign(new Error('undo'), { pid: row?.pid });
          })
          .catch((error: { pid?: number }) => error.pid),
      ),
    );
    expect(new Set(ids).size).toBe(8);
  });

  it.each(['transaction', 'sqlTransaction'] as const)(
    'undoes a %s that throws, raw SQL included',
    async (kind) => {
      const after: string[] = [];
      const work = database[kind](async (tx) => {
        await tx.sql("insert into environment (name, selector) values ('gone', '')");
        tx.afterCommit(() => void after.push('told'));
        throw new Error('no');
      });
      await expect(work).rejects.toThrow('no');
      expect(await countOf('gone')).toBe(0n);
      expect(after).toEqual([]);
    },
  );

  it.each(['transaction', 'sqlTransaction'] as const)(
    'tells after the commit of a %s, and a failure there is only logged',
    async (kind) => {
      const seen: unknown[] = [];
      const name = `after-${kind}`;
      const result = await database[kind](async (tx) => {
        await tx.sql('insert into environment (name, selector) values ($1, $2)', [name, '']);
        tx.afterCommit(() => Promise.reject(new Error('logged only')));
        tx.afterCommit(async () => void seen.push(await countOf(name)));
        return 7;
      });
      expect([result, seen]).toEqual([7, [1n]]);
    },
  );

  it('tries again after a deadlock, so that both sides get through', async () => {
    await database.sql("insert into environment (name, selector) values ('left', '0'), ('right', '0')");
    const { promise: bothHold, resolve: proceed } = Promise.withResolvers<void>();
    let holding = 0;
    const raise = (order: readonly string[]) =>
      database.sqlTransaction(async (tx) => {
        for (const [step, name] of order.entries()) {
          await tx.sql('update environment set selector = (selector::int + 1)::text where name = $1', [name]);
          if (step === 0 && ++holding >= 2) proceed();
          if (step === 0) await bothHold;
        }
      });
    await Promise.all([raise(['left', 'right']), raise(['right', 'left'])]);
    const rows = await database.sql(
      "select name, selector from environment where name in ('left', 'right') order by 1",
    );
    expect(rows).toEqual([
      { name: 'left', selector: '2' },
      { name: 'right', selector: '2' },
    ]);
  });

  it('tells the SQL state of an error, raw or through Prisma', async () => {
    await database.sql("insert into environment (name, selector) values ('twice', '')");
    const raw = await database
      .sql("insert into environment (name, selector) values ('twice', '')")
      .catch(sqlStateOf);
    const prisma = await database
      .transaction(
        (tx) => tx.prisma.$executeRaw`insert into environment (name, selector) values ('twice', '')`,
      )
      .catch(sqlStateOf);
    expect([raw, prisma]).toEqual(['23505', '23505']);
  });
});
