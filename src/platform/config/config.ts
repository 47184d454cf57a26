// The running hub's configuration, complete: what `Settings` left open has been decided by then.
import type { Settings } from './settings.ts';

/** Injected; nothing else reads the environment. Durations are milliseconds. */
export abstract class Config implements Settings {
  /** Of the database in use, the embedded one included. */
  abstract readonly databaseUrl: string;
  /** Whether the database is the hub's own, in `dataDir`. */
  abstract readonly embeddedDatabase: boolean;
  /** Absolute. Git mirrors and the embedded database live here. */
  abstract readonly dataDir: string;
  abstract readonly redisUrl: string | undefined;
  abstract readonly host: string;
  abstract readonly port: number;
  /** Without a slash at the end. */
  abstract readonly publicUrl: string | undefined;
  abstract readonly adminToken: string | undefined;
  abstract readonly secretKey: string;
  abstract readonly role: Settings['role'];
  abstract readonly gitIntervalMs: number;
  abstract readonly gitMaxBytes: number;
  abstract readonly kustomize: string | undefined;
  abstract readonly helm: string | undefined;
  /** Folders from which `file://` repositories are allowed. */
  abstract readonly fileRepositories: 'ANY' | readonly string[];
  /** Ranges from which repositories are fetched although they are the machine's or its cloud's own. */
  abstract readonly allowedAddresses: Settings['allowedAddresses'];
  /** Private addresses that checks and webhooks may call beside public ones. */
  abstract readonly privateChecks: Settings['privateChecks'];
  abstract readonly logLevel: Settings['logLevel'];
  abstract readonly staleAfterMs: number;
  abstract readonly offlineAfterMs: number;
  /** How long an apply may fail, or a cluster be ill, before it counts: what settles by itself is no failure. */
  abstract readonly healthGraceMs: number;
  abstract readonly credentialLifetimeMs: number;
}

/** Whether this process serves people and agents. */
export function servesApi(config: Pick<Config, 'role'>): boolean {
  return config.role !== 'worker';
}

/** Whether this process runs jobs and relays notices. */
export function runsJobs(config: Pick<Config, 'role'>): boolean {
  return config.role !== 'api';
}
