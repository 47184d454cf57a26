// What both doors (HTTP, WebSocket) do with an operation: check, execute, count, and make its errors presentable.
import {
  getOperationAST,
  type ExecutionArgs,
  type FormattedExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import type { Histogram } from 'prom-client';
import type { Log } from '../logging/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { Documents, type CheckedDocument } from './documents.ts';
import { formatErrors } from './format-errors.ts';
import type { AskedOperation } from './asked-operation.ts';
import type { RequestContext } from './request-context.ts';
import { runOperation } from './run-operation.ts';

/** What was executed, or refused before that. */
export interface RawResult {
  readonly data?: Record<string, unknown> | null | undefined;
  readonly errors?: readonly GraphQLError[] | undefined;
}

/** One per process. */
export class Operations {
  readonly schema: GraphQLSchema;
  readonly #documents: Documents;
  readonly #log: Log;
  readonly #seconds: Histogram<'operation' | 'outcome'>;

  constructor(schema: GraphQLSchema, log: Log, metrics: Metrics) {
    this.schema = schema;
    this.#documents = new Documents(schema);
    this.#log = log;
    this.#seconds = metrics.histogram('fairlead_graphql_seconds', 'How long operations took.', [
      'operation',
      'outcome',
    ]);
  }

  check(text: string): CheckedDocument {
    return this.#documents.get(text);
  }

  /** Runs a query or mutation to its end. `executed`: whether it came as far as running. */
  async answer(
    asked: AskedOperation,
    context: RequestContext,
  ): Promise<{ readonly result: FormattedExecutionResult; readonly executed: boolean }> {
    const { document, errors } = this.check(asked.query);
    if (errors) return { result: this.present({ errors }, asked, context), executed: false };
    const startedAt = performance.now();
    const result = await runOperation(this.executionArgs(asked, document, context));
    const operation = getOperationAST(document, asked.operationName)?.operation ?? 'unknown';
    this.#seconds.observe(
      { operation, outcome: result.errors ? 'error' : 'ok' },
      (performance.now() - startedAt) / 1000,
    );
    return { result: this.present(result, asked, context), executed: result.data !== undefined };
  }

  executionArgs(
    asked: AskedOperation,
    document: NonNullable<CheckedDocument['document']>,
    context: RequestContext,
  ): ExecutionArgs {
    return {
      schema: this.schema,
      document,
      variableValues: asked.variables ?? null,
      operationName: asked.operationName ?? null,
      contextValue: context,
    };
  }

  /** A result with its errors formatted and the unexpected ones logged. */
  present(result: RawResult, asked: AskedOperation, context: RequestContext): FormattedExecutionResult {
    if (!result.errors) return { data: result.data ?? null };
    const failed = {
      requestId: context.requestId,
      principal: context.principal?.name,
      operation: asked.operationName ?? undefined,
    };
    const errors = formatErrors(result.errors, failed, this.#log);
    return result.data === undefined ? { errors } : { errors, data: result.data };
  }
}
