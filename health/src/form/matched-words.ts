// What a test that holds contributes to the verdict.

/** Taken from the condition or field that decided. */
export interface MatchedWords {
  /** One CamelCase word of the controller, where it has one. */
  readonly reason?: string;
  /** `phase is Failed`. */
  readonly words?: string;
  /** The controller's own text. */
  readonly detail?: string;
}

/** For tests that hold without words of their own. */
export const NO_WORDS: MatchedWords = {};

const CAMEL_CASE = /^[A-Za-z][A-Za-z0-9]{0,60}$/;

/** The word as a reason: CamelCase, where it is one word. */
export function asReason(word: string): string | undefined {
  if (!CAMEL_CASE.test(word)) return undefined;
  return word.charAt(0).toUpperCase() + word.slice(1);
}
