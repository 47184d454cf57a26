// A hub with one pending promotion, a server that its checks may ask, and a look at the runs.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BullJobQueue } from '../../src/platform/queue/bull-job-queue.ts';
import { PostgresDatabase } from '../../src/platform/database/postgres-database.ts';
import { findDueChecks } from '../../src/promotions/checks/check-jobs.ts';
import type { CheckRunState } from '../../src/promotions/checks/checks-port.ts';
import type { RunRule } from '../../src/promotions/checks/domain/check-run.ts';
import { PrismaCheckRunStore } from '../../src/promotions/checks/prisma-check-run-store.ts';
import { startTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { silentLog } from '../support/silent-log.ts';
import { until } from '../support/until.ts';
import { PromotionWorld } from './promotions-fixture.ts';

/** One request that the hub made. */
export interface AskedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** How the server answers the n-th request, from 1. */
export type AnswerWith = (request: AskedRequest, n: number, response: ServerResponse) => void;

/** The promotion waits for a cluster, so nothing but its checks moves. */
export class CheckWorld {
  readonly world: PromotionWorld;
  readonly database: PostgresDatabase;
  readonly store: PrismaCheckRunStore;
  readonly promotionId: bigint;
  readonly #ownDatabase: TestDatabase;
  readonly #queue: BullJobQueue;
  readonly asked: AskedRequest[] = [];
  answer: AnswerWith = (_request, _n, response) => void response.end('{}');
  readonly #server = createServer((request, response) => void this.#take(request, response));

  private constructor(world: PromotionWorld, ownDatabase: TestDatabase, promotionId: bigint) {
    const databaseUrl = ownDatabase.connectionString;
    this.world = world;
    this.database = new PostgresDatabase(databaseUrl, silentLog);
    this.store = new PrismaCheckRunStore(this.database);
    this.promotionId = promotionId;
    this.#ownDatabase = ownDatabase;
    this.#queue = new BullJobQueue({ databaseUrl }, silentLog);
  }

  static async start(environment: Readonly<Record<string, string>> = {}): Promise<CheckWorld> {
    const ownDatabase = await startTestDatabase();
    const world = await PromotionWorld.start({
      FAIRLEAD_DATABASE_URL: ownDatabase.connectionString,
      FAIRLEAD_ALLOW_PRIVATE_CHECKS: '127.0.0.0/8',
      ...environment,
    });
    await world.policy([{ environment: 'dev', trigger: 'AUTOMATIC' }]);
    await world.ship('1');
    await world.tells('dev#1 PENDING');
    const database = new PostgresDatabase(ownDatabase.connectionString, silentLog);
    const [promotion] = await database.sql<{ id: bigint }>('select id from promotion');
    await database.close();
    const checks = new CheckWorld(world, ownDatabase, promotion!.id);
    await new Promise<void>((ready) => checks.#server.listen(0, '127.0.0.1', ready));
    return checks;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async begin(gate: string, rule: RunRule, clusterIds: readonly bigint[] = []): Promise<void> {
    await this.database.transaction((tx) =>
      this.store.create(tx, { id: this.promotionId }, [{ gate, rule, clusterIds }]),
    );
    await this.#queue.add(findDueChecks, [{}]);
  }

  async run(gate: string): Promise<CheckRunState> {
    const states = await this.database.transaction((tx) => this.store.statesOf(tx, [this.promotionId]));
    return states.find((state) => state.gate === gate)!;
  }

  ended(gate: string): Promise<CheckRunState> {
    return until(
      `the run ${gate} to end`,
      async () => {
        const run = await this.run(gate);
        return run.state === 'RUNNING' ? undefined : run;
      },
      { timeoutMs: 20_000 },
    );
  }

  /** Everything that the database holds, as text: where secrets would show. */
  async everything(): Promise<string> {
    const tables = await this.database.sql<{ name: string }>(
      `select table_name "name" from information_schema.tables where table_schema = 'public' order by 1`,
    );
    const texts = await Promise.all(
      tables.map(({ name }) => this.database.sql<{ text: string }>(`select t::text "text" from "${name}" t`)),
    );
    return texts
      .flat()
      .map(({ text }) => text)
      .join('\n');
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await this.world.stop();
    await this.#queue.close();
    await this.database.close();
    await this.#ownDatabase.stop();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const asked = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
    this.asked.push(asked);
    this.answer(asked, this.asked.length, response);
  }
}
