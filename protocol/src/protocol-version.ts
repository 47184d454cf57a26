// Which agents and hubs understand each other. protocol-version.test.ts fails when the agents' part of the schema
// changes and this file does not.

/** The version that this build speaks. */
export const PROTOCOL_VERSION = 5;

/**
 * The oldest version that the hub still serves. Agents of version 1 know nothing of ServiceAccounts, so they would write
 * with all of their own rights what only a team's rights were meant for.
 */
export const MIN_PROTOCOL_VERSION = 2;

/** One line for each version: what changed, so that a reader of an old agent knows what it lacks. */
export const protocolHistory: Readonly<Record<number, string>> = {
  1: 'join, renew, hello, doorbell, assignments, bundles, instructions, reports',
  2: 'an assignment may name a ServiceAccount, as which its objects are written',
  3: "health rules: an application's with its assignments, the hub's fetched when their digest changed; before, agents judge without them; orphaned instances are told",
  4: 'an instruction may run the Job of a check, and what came of it is reported with its acknowledgement',
  5: 'reports carry drift as episodes, and when they were sent; assignments carry exceptions and extraObjects',
};

/** Close code of the WebSocket that tells an agent that the hub does not serve its protocol version. */
export const CLOSE_UNSUPPORTED_PROTOCOL = 4470;

/** Close code: another agent of the same cluster has said hello later; this one must stop. */
export const CLOSE_SESSION_REPLACED = 4471;

/** Close code: the cluster was revoked, deleted or rebuilt elsewhere; the credential is worth nothing any more. */
export const CLOSE_REVOKED = 4472;
