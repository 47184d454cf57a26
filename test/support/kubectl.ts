// kubectl as people use it, for tests that look at a cluster from outside.
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

const TIMEOUT_MS = 30_000;
const OUTPUT_LIMIT_BYTES = 64 * 1024 * 1024;

/** Runs kubectl and gives its standard output; rejects with its standard error, or when it is not on PATH. */
export type Kubectl = (...kubectlArguments: readonly string[]) => Promise<string>;

/** The kubectl on PATH, if there is one. Tests that cannot do without say so through `describeNeeding`. */
export function kubectlOnPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder));
  return folders.map((folder) => path.join(folder, 'kubectl')).find(isProgram);
}

/** A kubectl bound to one kubeconfig; its discovery cache lives beside that file and not in the user's home. */
export function kubectlFor(kubeconfigPath: string): Kubectl {
  const env = { HOME: path.dirname(kubeconfigPath), KUBECONFIG: kubeconfigPath };
  const options = { env, timeout: TIMEOUT_MS, maxBuffer: OUTPUT_LIMIT_BYTES };
  return (...kubectlArguments) =>
    new Promise((resolve, reject) => {
      const file = kubectlOnPath();
      if (file === undefined) {
        reject(new Error('kubectl is not on PATH; install it, or leave out what needs it'));
        return;
      }
      execFile(file, kubectlArguments, options, (error, output, problems) => {
        if (error === null) resolve(output);
        else reject(new Error(`kubectl ${kubectlArguments.join(' ')}: ${problems.trim() || error.message}`));
      });
    });
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
