// The real helm, and what it makes of this project's charts.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { locateTools } from '../../scripts/go-tools/locate-tools.mjs';

/** Folder of the agent's chart. */
export const AGENT_CHART = fileURLToPath(new URL('../../helm/agent', import.meta.url));

const TIMEOUT_MS = 60_000;

/** Runs helm, with folders of its own for what it keeps, and gives its output; rejects with what it complains of. */
export function helm(...helmArguments: readonly string[]): Promise<string> {
  const program = locateTools(['helm']).paths['helm'];
  if (program === undefined) throw new Error('helm is not here: describeWithTool leaves such suites out');
  const home = mkdtempSync(join(tmpdir(), 'fairlead-helm-'));
  const options = { env: { HOME: home }, timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 ** 2 };
  return new Promise<string>((resolve, reject) => {
    execFile(program, helmArguments, options, (error, output, complaints) => {
      rmSync(home, { recursive: true, force: true });
      if (error === null) resolve(output);
      else reject(new Error(`helm ${helmArguments[0] ?? ''}: ${complaints.trim() || output.trim()}`));
    });
  });
}

/** `--set-json` for each value, so that lists and empty texts come through as they are. */
export function settings(values: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(values).flatMap(([path, value]) => [
    '--set-json',
    `${path}=${JSON.stringify(value)}`,
  ]);
}

/** What the agent's chart renders, as release `fairlead-agent` in the namespace of that name. */
export async function renderAgentChart(
  values: Readonly<Record<string, unknown>>,
  ...more: readonly string[]
): Promise<KubernetesObject[]> {
  const names = ['fairlead-agent', AGENT_CHART, '--namespace', 'fairlead-agent'];
  const output = await helm('template', ...names, ...settings(values), ...more);
  return parseAllDocuments(output)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
}
