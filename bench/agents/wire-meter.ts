// Counts the bytes that an agent's connections carry, TCP and IP headers left out.
import type { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import { Socket } from 'node:net';

/** As seen from the agent. */
export interface WireBytes {
  readonly sent: number;
  readonly received: number;
}

/** Watches every connection that an HTTP agent opens, WebSockets among them. */
export class WireMeter {
  readonly #open = new Set<Socket>();
  #sent = 0;
  #received = 0;

  constructor(agent: Agent) {
    const connect = agent.createConnection.bind(agent);
    agent.createConnection = (options, callback) => this.#watch(connect(options, callback));
  }

  get bytes(): WireBytes {
    const open = [...this.#open];
    return {
      sent: open.reduce((sum, socket) => sum + socket.bytesWritten, this.#sent),
      received: open.reduce((sum, socket) => sum + socket.bytesRead, this.#received),
    };
  }

  #watch<Connection extends Duplex | null | undefined>(connection: Connection): Connection {
    if (!(connection instanceof Socket)) return connection;
    this.#open.add(connection);
    connection.once('close', () => {
      this.#open.delete(connection);
      this.#sent += connection.bytesWritten;
      this.#received += connection.bytesRead;
    });
    return connection;
  }
}
