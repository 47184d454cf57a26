// The health rules that hold for every application of a hub.
import type { UserRule } from '@fairlead/health/user-rules/user-rule';

/** As they were checked. `digest` is the SHA-256 of their canonical text; null where there are none. */
export interface HubHealthRules {
  readonly rules: readonly UserRule[];
  readonly digest: string | null;
}
