// The declarative form of a health rule: what a kind's status means, as data. The rules of this project are written in
// it, and so are a user's own.
import type { Health } from '@fairlead/protocol/health';

/** A value that a field is compared with. */
export type Scalar = string | number | boolean;

/** A path to a field from the object, or from the entry of a list: `status.phase`, `metadata.labels["a.b/c"]`. */
export type FieldPath = string;

/**
 * A condition of that type. A condition that was seen at an older generation than the object's counts as absent.
 * `in` is the path to the list; left out, `status.conditions`, and within an entry of a list its own `conditions`.
 */
export interface ConditionTest {
  readonly condition: string;
  /** Its status is one of these; left out, it only has to be there. */
  readonly is?: string | readonly string[];
  readonly reason?: string | readonly string[];
  readonly in?: FieldPath;
}

/** A field; all the bounds that are given have to hold. */
export interface FieldTest {
  readonly field: FieldPath;
  readonly is?: Scalar | readonly Scalar[];
  readonly startsWith?: string | readonly string[];
  /** False: absent, null, or empty (text, list, object). True: anything else. */
  readonly exists?: boolean;
  /** A number of at least so much, or at least that of another field. */
  readonly atLeast?: number | FieldPath;
  /** The same value as another field's; two absent ones are the same. */
  readonly sameAs?: FieldPath;
}

/** A question about an object; the words of the one that holds go into the verdict. */
export type RuleTest =
  | ConditionTest
  | FieldTest
  /** An entry of the list, or a value of the map, for which the test holds. */
  | { readonly some: FieldPath; readonly that: RuleTest }
  /** At least one entry, and the test holds for all. */
  | { readonly every: FieldPath; readonly that: RuleTest }
  | { readonly all: readonly RuleTest[] }
  | { readonly any: readonly RuleTest[] }
  | { readonly not: RuleTest };

/** What is said when a case holds; what is left out is taken from the condition or field that decided. */
export interface CaseWords {
  /** One CamelCase word. */
  readonly reason?: string;
  readonly message?: string;
  /** Path to a text of the controller that says more. */
  readonly detail?: FieldPath;
  /**
   * The case also holds while the object is `deleting`, or while the status is of an older generation (`unseen`): for
   * faults that a controller reports without writing the generation that it saw.
   */
  readonly evenWhile?: 'deleting' | 'unseen';
}

/** Value to health; `*` stands for every value that is not named. */
export type Meanings = { readonly [value: string]: Health };

/** One case of a rule. The first that holds decides. */
export type RuleCase = CaseWords &
  (
    | { readonly when: RuleTest; readonly health: Health }
    /** What each value of a field means: a phase table. */
    | { readonly field: FieldPath; readonly means: Meanings }
    /** What each status of a condition means; a reason that is named decides first. */
    | {
        readonly condition: string;
        readonly in?: FieldPath;
        readonly means: Meanings;
        readonly reasons?: Meanings;
      }
  );

/** The rule of one or several kinds of a group. */
export interface DeclaredRule {
  /** A group (the core group is the empty text), or `*.suffix` for every group below it. */
  readonly group: string;
  /** Kinds by name, or `*` for every kind of the group that has no rule of its own. */
  readonly kinds: '*' | readonly string[];
  readonly cases: readonly RuleCase[];
  /** When no case holds; left out, PROGRESSING. */
  readonly otherwise?: Health;
}
