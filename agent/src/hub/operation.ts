// What a generated GraphQL operation is: its text, and by its type what it takes and answers.

/** `Data` and `Variables` exist for the compiler alone. */
export interface Operation<Data, Variables> {
  readonly name: string;
  readonly text: string;
  readonly types?: (variables: Variables) => Data;
}
