// Makes sure that the named tools are on this machine: finds them, else builds them into the user's cache.
import { withBuildLock } from './build-lock.mjs';
import { buildTool } from './go-build.mjs';
import { locateTools } from './locate-tools.mjs';
import { cacheFolder, pinnedTool } from './pinned-tools.mjs';
import { startProgress } from './progress.mjs';

/**
 * Gives what `locateTools` gives, after building what could be built. Silent when nothing is to be done. A tool
 * that cannot be built stays in `missing`, its reason saying what went wrong; the others are built all the same.
 */
export async function ensureTools(names, env = process.env) {
  const problems = {};
  for (const { tool, buildable } of locateTools(names, env).missing) {
    if (buildable) problems[tool] = await problemOfBuilding(tool, env);
  }
  const { paths, missing } = locateTools(names, env);
  const explained = missing.map((entry) => ({
    ...entry,
    reason: explain(entry.reason, problems[entry.tool]),
  }));
  return { paths, missing: explained };
}

const explain = (reason, problem) => (problem === undefined ? reason : `${reason}, and ${problem}`);

async function problemOfBuilding(name, env) {
  const tool = pinnedTool(name);
  const folder = cacheFolder(tool, env);
  const label = `${name} ${tool.version}`;
  const waiting = () => process.stderr.write(`${label}: waiting for another build of it\n`);
  try {
    await withBuildLock(folder, waiting, () => buildOnce(tool, folder, env));
    return undefined;
  } catch (error) {
    return error.message;
  }
}

// Looks again first: the build that was waited for was probably this one.
async function buildOnce(tool, folder, env) {
  if (locateTools([tool.name], env).missing.length === 0) return;
  const finish = startProgress(`${tool.name} ${tool.version}`);
  try {
    await buildTool(tool, folder, env);
    finish('built');
  } catch (error) {
    finish('failed');
    throw error;
  }
}
