// PromotionStrategy and ChangeTransferPolicy (promoter.argoproj.io): whether what is proposed is what is active.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { compileRule } from '../form/compile-rule.ts';
import { type HealthVerdict, degraded, healthy, progressing } from '../health-verdict.ts';
import { type Fields, fields, fieldsList, text } from '../read-fields.ts';
import { reconciled } from '../rules/promoter.ts';

const readiness = compileRule({ cases: reconciled, otherwise: 'HEALTHY' });

/** One environment of its own: done when the proposed change is the active one. */
export function changeTransferPolicyHealth(object: KubernetesObject): HealthVerdict {
  const verdict = readiness.judge(object);
  if (verdict.health !== 'HEALTHY') return verdict;
  const status = fields(object['status']);
  return transferVerdict(status, 'the change') ?? healthy('Promoted', 'what is proposed is active');
}

/** Done when every environment is, and all have the same change. */
export function promotionStrategyHealth(object: KubernetesObject): HealthVerdict {
  const verdict = readiness.judge(object);
  if (verdict.health !== 'HEALTHY') return verdict;
  const environments = fieldsList(fields(object['status'])['environments']);
  if (environments.length === 0) return degraded('NoEnvironments', 'has no environments');
  for (const environment of environments) {
    const transfer = transferVerdict(
      environment,
      `environment "${text(environment['branch']) ?? 'unnamed'}"`,
    );
    if (transfer) return transfer;
  }
  const active = new Set(environments.map((environment) => changeIn(environment, 'active')));
  if (active.size > 1) return progressing('DifferentChanges', 'its environments have different changes');
  return healthy('Promoted', `all ${environments.length} environments have the same change`);
}

function transferVerdict(environment: Fields, subject: string): HealthVerdict | undefined {
  const active = changeIn(environment, 'active');
  const proposed = changeIn(environment, 'proposed');
  if (active === undefined || proposed === undefined) {
    return progressing(
      'NotHydrated',
      `${subject}: ${active === undefined ? 'nothing is active' : 'nothing is proposed'} yet`,
    );
  }
  if (active === proposed) return undefined;
  const checks = fieldsList(fields(environment['proposed'])['commitStatuses']);
  const waitsFor = checks
    .filter(({ phase }) => phase !== 'success')
    .map(({ key, phase }) => `${text(key)} is ${text(phase)}`);
  const why = waitsFor.length > 0 ? `, ${waitsFor.join(', ')}` : '';
  return progressing('Promoting', `${subject}: what is proposed is not active yet${why}`);
}

function changeIn(environment: Fields, side: 'active' | 'proposed'): string | undefined {
  return text(fields(fields(environment[side])['dry'])['sha']);
}
