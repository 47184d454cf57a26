import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

const good = { FAIRLEAD_HUB_URL: 'https://hub.example.com' };

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("the agent's configuration", () => {
  it('needs nothing but the URL of the hub', () => {
    expect(readConfig(good)).toMatchObject({
      namespace: 'fairlead-agent',
      logLevel: 'info',
      port: undefined,
    });
  });

  it('names every problem at once', () => {
    const problems = problemsOf({
      FAIRLEAD_HUB_URL: 'hub',
      FAIRLEAD_NAMESPACE: 'Upper Case',
      FAIRLEAD_LOG_LEVEL: 'loud',
      FAIRLEAD_AGENT_PORT: '70000',
      FAIRLEAD_HUB_CA: '/nowhere/ca.pem',
    });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'FAIRLEAD_HUB_URL',
      'FAIRLEAD_HUB_CA',
      'FAIRLEAD_NAMESPACE',
      'FAIRLEAD_LOG_LEVEL',
      'FAIRLEAD_AGENT_PORT',
    ]);
  });

  it('says that the URL of the hub is missing', () => {
    expect(problemsOf({})).toEqual(['FAIRLEAD_HUB_URL is missing: set the URL of the hub']);
  });

  it('refuses plain HTTP beyond loopback unless it is asked for', () => {
    const remote = { FAIRLEAD_HUB_URL: 'http://hub.example.com' };
    expect(problemsOf(remote)[0]).toContain('FAIRLEAD_INSECURE=true');
    expect(problemsOf({ ...remote, FAIRLEAD_INSECURE: 'true' })).toEqual([]);
    expect(problemsOf({ FAIRLEAD_HUB_URL: 'http://127.0.0.1:8080' })).toEqual([]);
    expect(problemsOf({ FAIRLEAD_HUB_URL: 'http://127.0.0.1.example.com' })).toHaveLength(1);
  });

  it('reads a list of namespaces', () => {
    expect(readConfig({ ...good, FAIRLEAD_NAMESPACES: 'shop, web' }).namespaces).toEqual(['shop', 'web']);
  });

  it("gives checks a place of their own, and never the agent's", () => {
    const checks = (namespace: string) =>
      readConfig({ FAIRLEAD_HUB_URL: 'https://hub', FAIRLEAD_CHECK_NAMESPACE: namespace }).checks;
    expect([checks(''), checks('checks')]).toEqual([
      undefined,
      { namespace: 'checks', serviceAccountName: 'fairlead-check' },
    ]);
    expect(() => checks('fairlead-agent')).toThrow(/a namespace of their own/);
  });

  it('goes through the proxy that the environment names', () => {
    expect(readConfig({ ...good, HTTPS_PROXY: 'http://proxy:3128' }).proxyUrl).toBe('http://proxy:3128');
    expect(
      readConfig({ ...good, HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: 'example.com' }).proxyUrl,
    ).toBeUndefined();
  });
});
