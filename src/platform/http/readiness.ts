// Whether this process can do its work, and if not, what is missing.
import { Injectable } from '@nestjs/common';

/** Answers what is wrong, in words, or `undefined`. */
export type ReadinessCheck = () => Promise<string | undefined>;

const PATIENCE_MS = 2_000;

/** Filled at start; asked by `/readyz`. */
@Injectable()
export class Readiness {
  readonly #checks = new Map<string, ReadinessCheck>();

  /** `what` names the thing, as an operator knows it: `database`, `redis`. */
  register(what: string, check: ReadinessCheck): void {
    this.#checks.set(what, check);
  }

  /** `{ database: 'connection refused' }`; empty when all is well. */
  async missing(): Promise<Readonly<Record<string, string>>> {
    const answers = await Promise.all(
      [...this.#checks].map(async ([what, check]) => [what, await answerOf(check)] as const),
    );
    return Object.fromEntries(
      answers.filter((answer): answer is readonly [string, string] => answer[1] !== undefined),
    );
  }
}

async function answerOf(check: ReadinessCheck): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((answer) => {
    timer = setTimeout(() => answer(`no answer within ${PATIENCE_MS / 1000} s`), PATIENCE_MS);
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    return error instanceof Error ? error.message || error.name : String(error);
  } finally {
    clearTimeout(timer);
  }
}
