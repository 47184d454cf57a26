// The pool of connections, with types as the stores want them.
import { Pool, types } from 'pg';

const INT8 = 20;
const INT8_ARRAY = 1016;
const TEXT_ARRAY = 1009;

type Parse = (text: string) => unknown;

// pg declares its parsers for the scalar types that it names, and has them for arrays all the same.
const standardParser = types.getTypeParser as (oid: number, format?: 'text' | 'binary') => Parse;
const parseTextArray = standardParser(TEXT_ARRAY) as (text: string) => (string | null)[];

const ourTypes = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (oid === INT8) return BigInt;
    return oid === INT8_ARRAY ? int8Array : standardParser(oid, format);
  },
};

function int8Array(text: string): (bigint | null)[] {
  return parseTextArray(text).map((item) => (item === null ? null : BigInt(item)));
}

/** Connects when it is first asked. */
export function postgresPool(connectionString: string, applicationName: string): Pool {
  return new Pool({
    connectionString,
    application_name: applicationName,
    max: 20,
    types: ourTypes,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 60_000,
    idle_in_transaction_session_timeout: 120_000,
    keepAlive: true,
  });
}
