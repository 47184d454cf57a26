// What can be wrong with the consent that a gate or a wave asks for.
import type { ApprovalRule } from './policy-step.ts';

const MAX_APPROVALS = 20;

/** Problems of one approval rule. */
export function approvalProblems({ count, roles, expiresMs }: ApprovalRule): string[] {
  return [
    ...(count >= 1 && count <= MAX_APPROVALS ? [] : [`count must be between 1 and ${MAX_APPROVALS}.`]),
    ...(roles?.length === 0 ? ['roles is empty, so nobody could approve.'] : []),
    ...(roles?.includes('VIEWER') ? ['roles: a VIEWER only reads, and cannot approve.'] : []),
    ...(expiresMs > 0 ? [] : ['expires must be longer than 0s.']),
  ];
}
