// Command: node scripts/build-tools.mjs [kube|etcd|kwok|helm|kustomize ...]. Makes the pinned Go programs
// available; exits with 0 when all are there, 2 on a wrong argument, 3 when some cannot be had.
// Plain JavaScript without dependencies, because it runs before anything is installed, on Node 20 or newer.
import { ensureTools } from './go-tools/ensure-tools.mjs';
import { TOOL_NAMES, toolsNamed } from './go-tools/pinned-tools.mjs';

const WRONG_ARGUMENT = 2;
const TOOLS_MISSING = 3;

async function main(words) {
  const { missing } = await ensureTools(
    words.length === 0 ? TOOL_NAMES : [...new Set(words.flatMap(toolsNamed))],
  );
  if (missing.length === 0) return;
  process.stderr.write(`\n${complaint(missing)}\n\n`);
  process.exitCode = TOOLS_MISSING;
}

const complaint = (missing) =>
  [
    '*** THESE TOOLS CANNOT BE HAD:',
    ...missing.map(({ reason }) => `  - ${reason}`),
    '*** WHAT TO DO: install Go 1.26 or newer (https://go.dev/dl) and run this again;',
    '    or set KUBEBUILDER_ASSETS to a folder that holds kube-apiserver, kube-controller-manager, kube-scheduler,',
    '    etcd, kwok and kwok-stages/, built by this command on another machine;',
    '    or put helm (3 or 4) and kustomize (5) on PATH, or name them in FAIRLEAD_HELM and FAIRLEAD_KUSTOMIZE.',
    '    Until then, tests that need them are left out, or fail where CI or FAIRLEAD_REQUIRE_KUBE is set.',
  ].join('\n');

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`build-tools: ${error.message}\n`);
  process.exitCode = WRONG_ARGUMENT;
}
