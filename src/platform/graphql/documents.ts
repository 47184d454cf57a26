// Texts of operations, parsed and checked once: agents and pages send the same few for ever.
import {
  GraphQLError,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { AppError } from '../errors.ts';
import { limitsBroken, operationLimits, type OperationLimits } from './operation-limits.ts';

/** Either a document that may be executed, or why not. */
export type CheckedDocument =
  | { readonly document: DocumentNode; readonly errors?: never }
  | { readonly document?: never; readonly errors: readonly GraphQLError[] };

const KEPT = 1_000;
const LONGEST_KEPT = 20_000;

/** Keeps the documents of one schema, the least recently used going first. */
export class Documents {
  readonly #schema: GraphQLSchema;
  readonly #limits: OperationLimits;
  readonly #kept = new Map<string, CheckedDocument>();

  constructor(schema: GraphQLSchema, limits: OperationLimits = operationLimits) {
    this.#schema = schema;
    this.#limits = limits;
  }

  get(text: string): CheckedDocument {
    const known = this.#kept.get(text);
    const checked = known ?? this.#check(text);
    if (text.length > LONGEST_KEPT) return checked;
    this.#kept.delete(text);
    this.#kept.set(text, checked);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return checked;
  }

  #check(text: string): CheckedDocument {
    try {
      const document = parse(text, { noLocation: false, maxTokens: this.#limits.maxTokens });
      const broken = limitsBroken(document, this.#limits);
      if (broken.length > 0) return { errors: [limitError(broken.join(' '), broken)] };
      const errors = validate(this.#schema, document, specifiedRules, { maxErrors: 20 });
      return errors.length > 0 ? { errors } : { document };
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return { errors: [this.#tooLong(error) ?? error] };
    }
  }

  #tooLong(error: GraphQLError): GraphQLError | undefined {
    if (!error.message.includes('token')) return undefined;
    if (!error.message.includes(String(this.#limits.maxTokens))) return undefined;
    return limitError(`The operation is too long: the hub serves at most ${this.#limits.maxTokens} tokens.`);
  }
}

function limitError(message: string, reasons: readonly string[] = []): GraphQLError {
  return new GraphQLError(message, { originalError: new AppError('LIMIT_EXCEEDED', message, reasons) });
}
