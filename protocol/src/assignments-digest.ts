// The one text over all assignments of a cluster whose SHA-256 hub and agent compare every ten minutes.

/** What the digest is made of: enough to see a change that got lost, and no more. Generations are whole numbers. */
export interface DigestedAssignment {
  readonly instance: string;
  readonly generation: number | bigint;
  readonly bundle: string;
}

/**
 * One line an instance, `instance generation bundle`, sorted by instance; tombstones are left out by both sides, so
 * that a lost one shows as an instance too many. The digest is the SHA-256 of the UTF-8 bytes in hexadecimal.
 */
export function assignmentsText(assignments: Iterable<DigestedAssignment>): string {
  return [...assignments]
    .map(({ instance, generation, bundle }) => `${instance} ${generation} ${bundle}\n`)
    .sort()
    .join('');
}
