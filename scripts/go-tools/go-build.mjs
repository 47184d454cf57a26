// Builds one pinned tool with Go and puts all its files into the user's cache in one step.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

const ERROR_LINES = 15;

/**
 * Builds `tool` into `folder`. The files appear there complete or not at all. Throws with the end of Go's own
 * output when the build fails (no Go, no network for the modules, no room), and leaves no partial folder behind.
 */
export async function buildTool(tool, folder, env) {
  removePartialBuilds(folder);
  const part = `${folder}.part-${process.pid}`;
  mkdirSync(part, { recursive: true });
  try {
    for (const [file, goPackage] of Object.entries(tool.binaries)) {
      await go(buildArguments(tool, goPackage, path.join(part, file)), tool, env);
    }
    await copyModuleFiles(tool, part, env);
    rmSync(folder, { recursive: true, force: true }); // an earlier build from which somebody took a file away
    renameSync(part, folder);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

function buildArguments(tool, goPackage, output) {
  const linkerFlags = ['-s', '-w', ...tool.versionFlags].join(' ');
  return [
    'build',
    '-mod=readonly',
    '-buildvcs=false',
    '-trimpath',
    '-ldflags',
    linkerFlags,
    '-o',
    output,
    goPackage,
  ];
}

async function copyModuleFiles(tool, part, env) {
  if (Object.keys(tool.copies).length === 0) return;
  const output = await go(['list', '-mod=readonly', '-m', '-f', '{{.Dir}}', tool.module], tool, env);
  for (const [file, source] of Object.entries(tool.copies)) {
    mkdirSync(path.dirname(path.join(part, file)), { recursive: true });
    copyFileSync(path.join(output.trim(), source), path.join(part, file));
  }
}

// Whoever holds the lock knows that these belong to builds that were killed.
function removePartialBuilds(folder) {
  const parent = path.dirname(folder);
  mkdirSync(parent, { recursive: true });
  const partial = readdirSync(parent).filter((name) => name.startsWith(`${path.basename(folder)}.part-`));
  for (const name of partial) rmSync(path.join(parent, name), { recursive: true, force: true });
}

/** Runs Go in the tool's module; gives its standard output. */
function go(goArguments, tool, env) {
  const childEnv = { ...env, CGO_ENABLED: '0', GOWORK: 'off' };
  return new Promise((resolve, reject) => {
    const child = spawn('go', goArguments, {
      cwd: tool.moduleFolder,
      env: childEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (errors = (errors + text).slice(-20_000)));
    child.on('error', (error) => reject(new Error(startProblem(error))));
    child.on('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(buildProblem(goArguments, errors))),
    );
  });
}

const startProblem = (error) =>
  error.code === 'ENOENT' ? 'Go is not on PATH' : `Go did not start: ${error.message}`;

function buildProblem(goArguments, errors) {
  const lines = errors.split('\n').filter((line) => line && !line.startsWith('go: downloading'));
  return [`go ${goArguments[0]} ${goArguments.at(-1)} failed:`, ...lines.slice(-ERROR_LINES)].join('\n    ');
}
