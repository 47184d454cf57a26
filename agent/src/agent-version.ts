// The agent's own version, as the hub shows it; the build puts in that of the package.

declare const FAIRLEAD_VERSION: string | undefined;

/** `0.1.0`; `development` where the sources run as they are. */
export const AGENT_VERSION: string = typeof FAIRLEAD_VERSION === 'string' ? FAIRLEAD_VERSION : 'development';
