// The limits and folders of the Git adapter; bound to the configuration by its module.

import { LOOPBACK, type AllowedAddresses } from '../address-guard.ts';

/** Dependency-injection token of the settings. */
export abstract class GitSettings {
  /** Mirrors and short-lived credential files live below it. */
  abstract readonly folder: string;
  /** PATH, and the machine's proxy variables where it has any. */
  abstract readonly machine: Readonly<Record<string, string>>;
  /** Ranges of addresses that may be fetched from although they are the machine's or its cloud's own. */
  abstract readonly allowedAddresses: AllowedAddresses;
  /** More than this on disk is REPOSITORY_TOO_LARGE. */
  abstract readonly maxRepositoryBytes: number;
  /** One file of a repository that is larger is not read. */
  abstract readonly maxFileBytes: number;
  /** A fetch that says nothing for so long is given up. */
  abstract readonly silenceTimeoutMs: number;
  /** A fetch is given up after this, whatever it says. */
  abstract readonly fetchTimeoutMs: number;
  /** A reader process without work is closed after this. */
  abstract readonly readerIdleMs: number;
}

/** What suits ordinary repositories; the module overrides what the configuration names. */
export const gitDefaults = {
  allowedAddresses: LOOPBACK,
  maxRepositoryBytes: 2 * 1024 ** 3,
  maxFileBytes: 32 * 1024 ** 2,
  silenceTimeoutMs: 60_000,
  fetchTimeoutMs: 600_000,
  readerIdleMs: 60_000,
} as const;
