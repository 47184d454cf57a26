// The agent's settings, read from its environment once; every problem is named at once.
import { readFileSync } from 'node:fs';
import type { CheckPlace } from './checks/check-job.ts';
import { proxyFor } from './kube/proxy.ts';

/** Lines below this level are not written. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Everything that a person may set. */
export interface AgentConfig {
  readonly hubUrl: URL;
  /** PEM of the authorities that the hub's certificate is checked against, where they are not the public ones. */
  readonly hubCa: string | undefined;
  readonly proxyUrl: string | undefined;
  /** Needed until the cluster has joined. */
  readonly joinToken: string | undefined;
  /** May be left out where the join token names the cluster. */
  readonly clusterName: string | undefined;
  /** Where the agent keeps its own Secrets. */
  readonly namespace: string;
  /** Where the agent may work; everywhere where it is not given. */
  readonly namespaces: readonly string[] | undefined;
  /** Where the Jobs of checks run; not at all where it is not given. */
  readonly checks: CheckPlace | undefined;
  /** Where bundles are kept; chosen per cluster where it is not given. */
  readonly bundleDirectory: string | undefined;
  readonly logLevel: LogLevel;
  /** Of `/healthz` and `/readyz`; not served where it is not given. */
  readonly port: number | undefined;
}

/** The settings are wrong; `problems` are sentences for a person. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the agent's configuration is wrong: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

const LOG_LEVELS: readonly string[] = ['debug', 'info', 'warn', 'error'];
const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** The settings of an environment; throws `ConfigError`. */
export function readConfig(environment: Environment): AgentConfig {
  const problems: string[] = [];
  const read = reader(environment, problems);
  const hubUrl = read('FAIRLEAD_HUB_URL', (text) => hubUrlOf(text, environment));
  if (!hubUrl && problems.length === 0) problems.push('FAIRLEAD_HUB_URL is missing: set the URL of the hub');
  const config = {
    hubCa: read('FAIRLEAD_HUB_CA', authorities),
    joinToken: read('FAIRLEAD_JOIN_TOKEN', anyText),
    clusterName: read('FAIRLEAD_CLUSTER_NAME', anyText),
    namespace: read('FAIRLEAD_NAMESPACE', namespaceName) ?? 'fairlead-agent',
    namespaces: read('FAIRLEAD_NAMESPACES', namespaceNames),
    checks: checkPlace(
      read('FAIRLEAD_CHECK_NAMESPACE', namespaceName),
      read('FAIRLEAD_CHECK_SERVICE_ACCOUNT', namespaceName),
    ),
    bundleDirectory: read('FAIRLEAD_BUNDLE_DIR', anyText),
    logLevel: read('FAIRLEAD_LOG_LEVEL', logLevel) ?? 'info',
    port: read('FAIRLEAD_AGENT_PORT', portNumber),
  };
  if (config.checks?.namespace === config.namespace) {
    problems.push(
      `FAIRLEAD_CHECK_NAMESPACE is ${config.namespace}, where the agent keeps its own identity: a Job there could take it; give checks a namespace of their own`,
    );
  }
  if (problems.length > 0 || !hubUrl) throw new ConfigError(problems);
  return { ...config, hubUrl, proxyUrl: proxyFor(hubUrl.href, environment) };
}

/** Says what is wrong with a value, in words that go on after the variable's name. */
class Problem extends Error {}

/** Reads one variable; an empty one counts as not given. */
function reader(environment: Environment, problems: string[]) {
  return <Value>(name: string, parse: (text: string) => Value): Value | undefined => {
    const text = environment[name]?.trim();
    if (!text) return undefined;
    try {
      return parse(text);
    } catch (error) {
      problems.push(`${name} ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
}

function hubUrlOf(text: string, environment: Environment): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new Problem('must be a URL such as https://hub.example.com');
  }
  const isInsecure = environment['FAIRLEAD_INSECURE'] === 'true';
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname) && !isInsecure) {
    throw new Problem(
      `is http:// to ${url.hostname}, which anyone on the way can read; use https://, or set FAIRLEAD_INSECURE=true`,
    );
  }
  return url;
}

function authorities(path: string): string {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Problem(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!pem.includes('-----BEGIN CERTIFICATE-----'))
    throw new Problem(`names ${path}, which holds no certificate`);
  return pem;
}

function anyText(text: string): string {
  return text;
}

function namespaceName(text: string): string {
  if (!NAMESPACE.test(text)) throw new Problem(`is no name of a namespace: "${text}"`);
  return text;
}

/** A Job in the agent's own namespace could read the agent's identity, so checks have one of their own. */
function checkPlace(
  namespace: string | undefined,
  serviceAccountName = 'fairlead-check',
): CheckPlace | undefined {
  return namespace === undefined ? undefined : { namespace, serviceAccountName };
}

function namespaceNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  return names.filter((name) => name !== '').map(namespaceName);
}

function logLevel(text: string): LogLevel {
  if (!LOG_LEVELS.includes(text)) throw new Problem(`must be one of ${LOG_LEVELS.join(', ')}, not "${text}"`);
  return text as LogLevel;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Problem(`must be a port from 0 to 65535, not "${text}"`);
  return port;
}
