// One connection that listens for many: each hears every notification, and when it breaks each is told and asks anew.
import type { EventEmitter } from 'node:events';
import { Client, type ClientConfig } from 'pg';

/** Opened by the first who listens; after it broke, by the first who listens again. */
export class ListeningLine {
  readonly #config: ClientConfig;
  readonly #listeners = new Set<EventEmitter>();
  #open: Promise<Client> | undefined;
  /** pg sends one statement at a time. */
  #said: Promise<unknown> = Promise.resolve();
  #ended = false;

  constructor(config: ClientConfig) {
    this.#config = config;
  }

  /** `statement` is a LISTEN. The listener is emitted `notification`, and `error` once the line is lost. */
  async listen(listener: EventEmitter, statement: string): Promise<void> {
    if (this.#ended) throw new Error('The connections of the queue are closed.');
    const line = await (this.#open ??= this.#connect());
    const said = this.#said.then(() => line.query(statement));
    this.#said = said.catch(() => undefined);
    await said;
    this.#listeners.add(listener);
  }

  leave(listener: EventEmitter): void {
    this.#listeners.delete(listener);
  }

  async end(): Promise<void> {
    this.#ended = true;
    const line = await this.#open?.catch(() => undefined);
    this.#open = undefined;
    await line?.end();
  }

  #connect(): Promise<Client> {
    const line = new Client(this.#config);
    line.on('notification', (notification) => {
      for (const listener of this.#listeners) listener.emit('notification', notification);
    });
    const opening = line.connect().then(() => line);
    // pg tells of one loss more than once; by the second time another line may be open.
    const lost = (error: Error): void => {
      if (this.#open === opening) this.#lose(line, error);
    };
    line.on('error', lost);
    opening.catch(lost);
    return opening;
  }

  #lose(line: Client, error: Error): void {
    this.#open = undefined;
    void line.end().catch(() => undefined);
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) if (listener.listenerCount('error') > 0) listener.emit('error', error);
  }
}
