// From GraphQL's words to the domain's.
import type { IgnoreRule } from '@fairlead/protocol/assignment';
import type {
  ApplicationRequest,
  ApplicationSource,
  HelmSettings,
  SyncPolicy,
} from '../domain/application.ts';
import type { ApplicationInput, HelmInput, IgnoreRuleInput, SyncPolicyInput } from './application.inputs.ts';

export function toApplicationRequest(input: ApplicationInput): ApplicationRequest {
  const { name, namespace, serviceAccountName, policy, source, syncPolicy, healthRules } = input;
  const { repository, ref, path, renderer, helm } = source;
  const whole: ApplicationSource = { repository, ref, path, renderer, helm: helm ? toHelm(helm) : null };
  return {
    name,
    namespace: namespace ?? null,
    serviceAccountName: serviceAccountName ?? null,
    policy,
    source: whole,
    syncPolicy: toSyncPolicy(syncPolicy),
    healthRules: healthRules ?? null,
  };
}

const toHelm = ({ releaseName, valueFiles, values }: HelmInput): HelmSettings => ({
  releaseName: releaseName ?? null,
  valueFiles: valueFiles ?? [],
  values: values ?? null,
});

// GraphQL fills defaults in only for an object that is there; an omitted one equals all of them.
const defaults = { prune: true, drift: 'HEAL', pruneLimitPercent: 50, adopt: false } as const;

function toSyncPolicy(input: SyncPolicyInput | null | undefined): SyncPolicy {
  const { prune, drift, pruneLimitPercent, adopt } = input ?? defaults;
  const environments = (input?.environments ?? []).map(({ environment, drift: own }) => ({
    environment,
    drift: own,
  }));
  const ignore = (input?.ignore ?? []).map(toIgnoreRule);
  return { prune, drift, environments, ignore, pruneLimitPercent, adopt };
}

/** Null and left out are the same: no condition. */
function toIgnoreRule(rule: IgnoreRuleInput): IgnoreRule {
  return Object.fromEntries(
    Object.entries(rule).filter(([, value]) => typeof value === 'string' && value !== ''),
  );
}
