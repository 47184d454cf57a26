// Executes a checked operation: a query or mutation within its time, a subscription with a fresh context per event.
import {
  createSourceEventStream,
  execute,
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  type ExecutionArgs,
  type ExecutionResult,
} from 'graphql';
import { AppError } from '../errors.ts';
import { mapEvents } from './map-events.ts';

/** A query answers within 30 s; a mutation may wait for a repository to be fetched. */
export const operationTimeMs: Readonly<Record<'query' | 'mutation', number>> = {
  query: 30_000,
  mutation: 120_000,
};

/** Runs a query or mutation; after its time the caller gets LIMIT_EXCEEDED (the database ends what still runs). */
export async function runOperation(args: ExecutionArgs, times = operationTimeMs): Promise<ExecutionResult> {
  const operation = getOperationAST(args.document, args.operationName);
  if (!operation)
    return { errors: [new GraphQLError('Name one of the operations in the text as `operationName`.')] };
  if (operation.operation === OperationTypeNode.SUBSCRIPTION) {
    return {
      errors: [
        new GraphQLError(
          'Subscriptions are served over WebSocket (graphql-transport-ws) at this same address.',
        ),
      ],
    };
  }
  const limitMs = times[operation.operation];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ExecutionResult>((answer) => {
    timer = setTimeout(() => answer({ errors: [tooSlow(limitMs)] }), limitMs);
  });
  try {
    return await Promise.race([execute(args), late]);
  } finally {
    clearTimeout(timer);
  }
}

function tooSlow(limitMs: number): GraphQLError {
  const message = `The operation took longer than ${limitMs / 1000} s; ask for less at once.`;
  return new GraphQLError(message, { originalError: new AppError('LIMIT_EXCEEDED', message) });
}

/** Subscribes; `freshContext` makes the context of each event, because loaders must see what the event changed. */
export async function runSubscription(
  args: ExecutionArgs,
  freshContext: () => unknown,
): Promise<AsyncGenerator<ExecutionResult, void, void> | ExecutionResult> {
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  return mapEvents(source, (event) => execute({ ...args, rootValue: event, contextValue: freshContext() }));
}
