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

  it('keeps simultaneous transactions on connections of their own', async () => {
    const ids = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        database
          .transaction(async (tx) => {
            await tx.sql("insert into environment (name, selector) values ($1, '')", [`many-${index}`]);
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

  it('undoes a transaction that throws', async () => {
    const after: string[] = [];
    const work = database.transaction(async (tx) => {
      await tx.sql("insert into environment (name, selector) values ('gone', '')");
      tx.afterCommit(() => void after.push('told'));
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await countOf('gone')).toBe(0n);
    expect(after).toEqual([]);
  });

  it('tells after the commit, and a failure there is only logged', async () => {
    const seen: unknown[] = [];
    const result = await database.transaction(async (tx) => {
      await tx.sql("insert into environment (name, selector) values ('after', '')");
      tx.afterCommit(() => Promise.reject(new Error('logged only')));
      tx.afterCommit(async () => void seen.push(await countOf('after')));
      return 7;
    });
    expect([result, seen]).toEqual([7, [1n]]);
  });

  it('does what is asked for before the commit once the work is done, and is undone by what fails there', async () => {
    const order: string[] = [];
    await database.transaction(async (tx) => {
      tx.beforeCommit(async () => {
        await tx.sql("insert into environment (name, selector) values ('last', '')");
        order.push('first task');
        tx.beforeCommit(async () => void order.push('its own'));
      });
      tx.beforeCommit(async () => void order.push('second task'));
      order.push('work');
    });
    expect(order).toEqual(['work', 'first task', 'second task', 'its own']);
    expect(await countOf('last')).toBe(1n);
    const failing = database.transaction(async (tx) => {
      await tx.sql("insert into environment (name, selector) values ('undone', '')");
      tx.beforeCommit(() => Promise.reject(new Error('too late')));
    });
    await expect(failing).rejects.toThrow('too late');
    expect(await countOf('undone')).toBe(0n);
  });

  it('tries again after a deadlock, so that both sides get through', async () => {
    await database.sql("insert into environment (name, selector) values ('left', '0'), ('right', '0')");
    const { promise: bothHold, resolve: proceed } = Promise.withResolvers<void>();
    let holding = 0;
    const raise = (order: readonly string[]) =>
      database.transaction(async (tx) => {
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

  it('tells the SQL state of an error', async () => {
    await database.sql("insert into environment (name, selector) values ('twice', '')");
    const again = database.sql("insert into environment (name, selector) values ('twice', '')");
    expect(await again.catch(sqlStateOf)).toBe('23505');
    expect(sqlStateOf(new Error('23505'))).toBe('');
  });
});
