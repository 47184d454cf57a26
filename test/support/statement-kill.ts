// Kills a piece of work at one of its statements, as the death of its process would: the connection breaks, nothing after
// it is sent, and the database undoes what was not committed.
import { AsyncLocalStorage } from 'node:async_hooks';
import { Client } from 'pg';

/** Where a piece of work dies: at the n-th statement, from 1; `after`: when that was done, before anybody heard of it. */
export interface KillPoint {
  readonly statement: number;
  readonly after: boolean;
}

interface Life {
  readonly point: KillPoint | undefined;
  readonly statements: string[];
  dead: boolean;
}

class Killed extends Error {
  override readonly name = 'Killed';
}

const lives = new AsyncLocalStorage<Life>();
type Query = (this: Client, ...args: unknown[]) => unknown;
let original: Query | undefined;

/** Runs `work`; answers the statements that it began, in order, and whether it was killed. */
export async function runMortal(
  work: () => Promise<void>,
  point?: KillPoint,
): Promise<{ readonly statements: readonly string[]; readonly killed: boolean }> {
  install();
  const life: Life = { point, statements: [], dead: false };
  try {
    await lives.run(life, work);
  } catch (error) {
    if (!life.dead) throw error;
  }
  return { statements: life.statements, killed: life.dead };
}

function install(): void {
  if (original) return;
  original = Client.prototype.query;
  Client.prototype.query = function (this: Client, ...args: unknown[]) {
    const life = lives.getStore();
    return life ? watched(this, life, args) : Reflect.apply(original as Query, this, args);
  } as typeof Client.prototype.query;
}

function watched(client: Client, life: Life, args: unknown[]): unknown {
  if (life.dead) return refuse(args);
  life.statements.push(textOf(args));
  const isPoint = life.statements.length === life.point?.statement;
  if (!isPoint) return Reflect.apply(original as Query, client, args);
  if (!life.point?.after) return die(client, life, args);
  const callback = args.at(-1);
  if (typeof callback === 'function') {
    const then = (): unknown => die(client, life, args);
    return Reflect.apply(original as Query, client, [...args.slice(0, -1), then]);
  }
  return Promise.resolve(Reflect.apply(original as Query, client, args)).then(() => die(client, life, args));
}

function die(client: Client, life: Life, args: unknown[]): unknown {
  life.dead = true;
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } };
  connection.stream.destroy();
  return refuse(args);
}

function refuse(args: unknown[]): unknown {
  const callback = args.at(-1);
  const error = new Killed('the process was killed');
  if (typeof callback === 'function') return void Reflect.apply(callback, undefined, [error]);
  return Promise.reject(error);
}

function textOf([first]: unknown[]): string {
  return typeof first === 'string' ? first : ((first as { readonly text?: string }).text ?? '');
}
