// What a caller sends, over either door.

/** One operation as it was asked for. */
export interface AskedOperation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly operationName?: string | null | undefined;
}
