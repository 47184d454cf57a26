// One API server of a control plane: its start, its readiness, its death and its return at the same address.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { apiServerArguments, type ApiServerPlace } from './control-plane-programs.ts';
import type { ProcessSet, RunningProgram } from './process-set.ts';
import { connectRawApi } from './raw-api.ts';
import { Hopeless, until } from './until.ts';

const READY_TIMEOUT_MS = 90_000;

/** Keeps its port, its keys and its certificate over restarts, so that clients need not be told. */
export class ApiServer {
  readonly address: string;
  readonly #processes: ProcessSet;
  readonly #file: string;
  readonly #place: ApiServerPlace;
  #program: RunningProgram;

  /** Starts it; it is not ready yet. `file` is the binary. */
  constructor(processes: ProcessSet, file: string, place: ApiServerPlace) {
    this.address = `https://127.0.0.1:${place.port}`;
    this.#processes = processes;
    this.#file = file;
    this.#place = place;
    this.#program = this.#start();
  }

  /** Waits until it serves everything, and gives the certificate authority that vouches for it. */
  untilReady(token: string): Promise<string> {
    const ready = () => this.#caWhenReady(token);
    return until(`the API server of ${this.#place.name} to be ready`, ready, { timeoutMs: READY_TIMEOUT_MS });
  }

  /** Kills it and brings it back. */
  async restart(token: string): Promise<void> {
    await this.stop();
    this.#program = this.#start();
    await this.untilReady(token);
  }

  /** Kills it. */
  stop(): Promise<void> {
    return this.#processes.stop(this.#program);
  }

  #start(): RunningProgram {
    return this.#processes.start(
      `${this.#place.name}-kube-apiserver`,
      this.#file,
      apiServerArguments(this.#place),
    );
  }

  // Reads the certificate at each look: the server writes it itself, some time after its start.
  async #caWhenReady(token: string): Promise<string | undefined> {
    const { name, ended } = this.#program;
    if (ended !== undefined) {
      throw new Hopeless(
        `${name} ended with ${ended} before it was ready:\n${this.#processes.logTail(name)}`,
      );
    }
    const caPem = readFileSync(path.join(this.#place.folder, 'apiserver.crt'), 'utf8');
    const { api, close } = connectRawApi({ server: this.address, caPem, token });
    try {
      const { status } = await api<string>('GET', '/readyz');
      return status === 200 ? caPem : undefined;
    } finally {
      close();
    }
  }
}
