// What stands before replicas: each new TCP connection goes to the next one that takes it, and breaks with it.
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Ports of the replicas, in turn. */
export class Balancer {
  readonly #ports: readonly number[];
  readonly #server: Server;
  readonly #open = new Map<Socket, number>();
  #next = 0;

  private constructor(ports: readonly number[]) {
    this.#ports = ports;
    this.#server = createServer((client) => this.#accept(client));
  }

  /** Listens on a port of its own. */
  static async start(ports: readonly number[]): Promise<Balancer> {
    const balancer = new Balancer(ports);
    const { promise, resolve } = Promise.withResolvers<void>();
    balancer.#server.listen(0, '127.0.0.1', resolve);
    await promise;
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Connections to a replica that are open. */
  countOf(port: number): number {
    return [...this.#open.values()].filter((one) => one === port).length;
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#open.keys()) socket.destroy();
  }

  #accept(client: Socket, tries = this.#ports.length): void {
    const port = this.#ports[(this.#next += 1) % this.#ports.length] ?? 0;
    const replica = connect(port, '127.0.0.1');
    const refused = () => {
      if (tries <= 1) client.destroy();
      else this.#accept(client, tries - 1);
    };
    replica.once('error', refused);
    replica.once('connect', () => {
      replica.off('error', refused); // from here on a connection that breaks is not begun anew
      this.#join(client, replica, port);
    });
  }

  #join(client: Socket, replica: Socket, port: number): void {
    const ends = [client, replica] as const;
    for (const [here, there] of [ends, [replica, client] as const]) {
      this.#open.set(here, port);
      here.pipe(there);
      here.on('error', () => undefined);
      here.on('close', () => {
        this.#open.delete(here);
        there.destroy();
      });
    }
  }
}
