// What an agent is told besides the bundle. It is part of the assignment, so a change of it raises the generation.
import type { UserRule } from '@fairlead/health/user-rules/user-rule';
import type { AssignedSyncPolicy, DriftPolicy, IgnoreRule } from '@fairlead/protocol/assignment';

/** Stored with the instance as it was assigned. */
export interface AssignedSettings {
  readonly namespace: string;
  /** Left out where the application names none, as it is in settings of an older build. */
  readonly serviceAccountName?: string;
  readonly syncPolicy: AssignedSyncPolicy;
  /** The application's own; left out where there are none. */
  readonly healthRules?: readonly UserRule[];
}

/** An application's own words, of which the settings of each of its environments are made. */
export interface ApplicationSettings {
  readonly namespace: string | null;
  readonly serviceAccountName: string | null;
  /** As stored: members that were left out, or that an older build did not know, take their defaults. */
  readonly syncPolicy: StoredSyncPolicy;
  readonly healthRules: readonly UserRule[] | null;
}

/** The application's sync policy as stored. */
export interface StoredSyncPolicy {
  readonly prune?: boolean | null;
  readonly drift?: DriftPolicy | null;
  readonly environments?: readonly { readonly environment: string; readonly drift: DriftPolicy }[] | null;
  readonly ignore?: readonly { readonly [key in keyof IgnoreRule]?: string | null }[] | null;
  readonly pruneLimitPercent?: number | null;
  readonly adopt?: boolean | null;
}

/** The settings of one environment: the drift policy is the environment's own where it has one. */
export function assignedSettings(application: ApplicationSettings, environment: string): AssignedSettings {
  const { namespace, serviceAccountName, syncPolicy, healthRules } = application;
  return {
    namespace: namespace ?? 'default',
    ...(serviceAccountName !== null && { serviceAccountName }),
    syncPolicy: assignedSyncPolicy(syncPolicy, environment),
    ...(healthRules !== null && { healthRules }),
  };
}

function assignedSyncPolicy(stored: StoredSyncPolicy, environment: string): AssignedSyncPolicy {
  const { prune, drift, environments, ignore, pruneLimitPercent, adopt } = stored;
  const own = environments?.find((each) => each.environment === environment)?.drift;
  return {
    prune: prune ?? true,
    drift: own ?? drift ?? 'HEAL',
    ignore: (ignore ?? []).map(givenMembers),
    pruneLimitPercent: pruneLimitPercent ?? 50,
    adopt: adopt ?? false,
  };
}

/** A member that is null was not given, and must not become a condition. */
function givenMembers(rule: { readonly [key in keyof IgnoreRule]?: string | null }): IgnoreRule {
  return Object.fromEntries(Object.entries(rule).filter(([, value]) => typeof value === 'string'));
}
