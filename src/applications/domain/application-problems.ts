// Everything that can be wrong with an application as a person saves it, all of it at once.
import type { IgnoreRule } from '@fairlead/protocol/assignment';
import { nameProblem } from '../../clusters/domain/resource-name.ts';
import type { ApplicationRequest, ApplicationSource, HelmSettings, SyncPolicy } from './application.ts';
import { repositoryUrlProblem, type FileRepositories } from './repository-url.ts';
import { parseTemplate } from './source-template.ts';

/** What the check must know besides the request. */
export interface ApplicationSurroundings {
  readonly fileRepositories: FileRepositories;
  readonly policyExists: boolean;
  /** Environments that the request names and that do not exist. */
  readonly unknownEnvironments: readonly string[];
  /** What is wrong with the application's own health rules, each with its place. */
  readonly healthRuleProblems: readonly string[];
}

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
// Helm's own limit.
const RELEASE_NAME = /^[a-z0-9]([-a-z0-9.]{0,51}[a-z0-9])?$/;

/** Sentences for a person; empty where the application is good. */
export function applicationProblems(request: ApplicationRequest, around: ApplicationSurroundings): string[] {
  const { name, namespace, serviceAccountName, policy, source, syncPolicy } = request;
  const url = repositoryUrlProblem(source.repository, around.fileRepositories);
  return [
    ...[nameProblem('application', name), url].filter((problem) => problem !== undefined),
    ...(namespace === null || DNS_LABEL.test(namespace) ? [] : [`"${namespace}" is no name of a namespace.`]),
    ...(serviceAccountName === null || isSubdomain(serviceAccountName)
      ? []
      : [`"${serviceAccountName}" is no name of a ServiceAccount.`]),
    ...(around.policyExists ? [] : [`Policy "${policy}" does not exist: save it first.`]),
    ...around.unknownEnvironments.map((environment) => `Environment "${environment}" does not exist.`),
    ...sourceProblems(source),
    ...syncPolicyProblems(syncPolicy),
    ...around.healthRuleProblems.map((problem) => `healthRules: ${problem}.`),
  ];
}

const isSubdomain = (text: string) => text.length <= 253 && DNS_SUBDOMAIN.test(text);

const REF = /^[^\s\-~^:?*[\\][^\s~^:?*[\\]*$/;

function sourceProblems({ ref, path, renderer, helm }: ApplicationSource): string[] {
  return [
    ...(REF.test(ref) ? [] : [`"${ref}" is no branch, tag or commit.`]),
    ...templateProblems(path),
    ...pathProblems(path),
    ...(helm ? helmProblems(helm) : []),
    ...(helm && (renderer === 'PLAIN' || renderer === 'KUSTOMIZE')
      ? [`helm has no meaning for ${renderer}.`]
      : []),
  ];
}

function helmProblems({ releaseName, valueFiles, values }: HelmSettings): string[] {
  return [
    ...valueFiles.flatMap((file) => [...templateProblems(file), ...pathProblems(file.replace(/^\//, ''))]),
    ...(releaseName === null || RELEASE_NAME.test(releaseName)
      ? []
      : [`"${releaseName}" is no name of a Helm release.`]),
    ...(isValues(values) ? [] : ['helm.values must be an object.']),
  ];
}

function templateProblems(text: string): readonly string[] {
  const template = parseTemplate(text);
  return 'problems' in template ? template.problems : [];
}

// `../` may lead from a chart to its value files; the render itself refuses what leaves the repository.
function pathProblems(path: string): string[] {
  if (path === '') return ['A path must not be empty; "." is the root of the repository.'];
  if (path.startsWith('/')) return [`Path "${path}" must be relative to the root of the repository.`];
  return /[\p{Cc}\\]/u.test(path) ? [`Path "${path}" holds a character that no path has.`] : [];
}

const isValues = (values: unknown) =>
  values === null || values === undefined || (typeof values === 'object' && !Array.isArray(values));

function syncPolicyProblems({ pruneLimitPercent, environments, ignore }: SyncPolicy): string[] {
  const names = environments.map(({ environment }) => environment);
  const doubled = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...(pruneLimitPercent >= 0 && pruneLimitPercent <= 100 ? [] : ['pruneLimitPercent must be 0 to 100.']),
    ...doubled.map((name) => `syncPolicy.environments names "${name}" more than once.`),
    ...ignore.filter(isEmptyRule).map(() => 'An ignore rule must say what it ignores: at least one member.'),
  ];
}

const isEmptyRule = (rule: IgnoreRule) =>
  Object.values(rule).every((value) => value === undefined || value === '');
