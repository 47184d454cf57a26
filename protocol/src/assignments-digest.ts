// The one text over all assignments of a cluster whose SHA-256 hub and agent compare every ten minutes.
import type { Assignment } from './assignment.ts';

/** What the digest is made of: enough to see a change that got lost, and no more. */
export type DigestedAssignment = Pick<Assignment, 'instance' | 'generation' | 'bundle' | 'tombstone'>;

/**
 * One line an instance, `instance generation bundle tombstone` (`-` where there is none), sorted by instance.
 * The digest is the SHA-256 of its UTF-8 bytes in hexadecimal; of an empty text where nothing is assigned.
 */
export function assignmentsDigestText(assignments: Iterable<DigestedAssignment>): string {
  return [...assignments]
    .map(
      ({ instance, generation, bundle, tombstone }) =>
        `${instance} ${generation} ${bundle} ${tombstone ?? '-'}\n`,
    )
    .sort()
    .join('');
}
