// The types of ensure-tools.mjs, for the demo.
import type { ToolName, ToolSearch } from './locate-tools.mjs';

/**
 * What `locateTools` gives, after building into the user's cache what was missing and could be built. Reports the
 * progress of a build on standard error and is silent otherwise.
 */
export function ensureTools(names: readonly ToolName[], env?: NodeJS.ProcessEnv): Promise<ToolSearch>;
