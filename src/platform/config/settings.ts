// What the environment says, checked at once: every problem is named together with what to do about it.
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { parseDuration } from '../duration.ts';
import { isAddressRange, LOOPBACK, type AllowedAddresses } from '../address-guard.ts';

const duration = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const ms = parseDuration(text);
      if (ms !== undefined && ms > 0) return ms;
      context.addIssue({
        code: 'custom',
        message: `"${text}" is no duration; write it like 30s, 15m or 24h`,
      });
      return z.NEVER;
    });

const url = (schemes: readonly string[], example: string) =>
  z
    .string()
    .refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol), {
      error: `is not an address like ${example}`,
    })
    .optional();

const word = <const Words extends readonly [string, ...string[]]>(words: Words, fallback: Words[number]) =>
  z
    .enum(words, { error: (issue) => `"${String(issue.input)}" is not one of ${words.join(', ')}` })
    .default(fallback as never);

const portError = 'is not a port: use a number from 0 to 65535 (0: any free one)';

const sizeError = 'is not a whole number of MiB, 1 or more';

const secret = (name: string, make: string) =>
  z
    .string()
    .min(24, { error: `${name} has fewer than 24 characters; ${make}` })
    .optional();

const addressRanges = z
  .string()
  .refine((text) => text === 'all' || wordsOf(text).every(isAddressRange), {
    error: 'is neither "all" nor a list of ranges like 10.0.0.0/8,fd00::/8',
  })
  .optional();

const schema = z.object({
  FAIRLEAD_DATABASE_URL: url(['postgres:', 'postgresql:'], 'postgresql://user:password@host:5432/database'),
  FAIRLEAD_DATA_DIR: z
    .string()
    .default('.fairlead/data')
    .transform((path) => resolve(path)),
  FAIRLEAD_REDIS_URL: url(['redis:', 'rediss:'], 'redis://host:6379'),
  FAIRLEAD_HOST: z.string().default('0.0.0.0'),
  FAIRLEAD_PORT: z.coerce
    .number({ error: portError })
    .int(portError)
    .min(0, portError)
    .max(65_535, portError)
    .default(8080),
  FAIRLEAD_PUBLIC_URL: url(['http:', 'https:'], 'https://hub.example.com'),
  FAIRLEAD_ADMIN_TOKEN: secret('the token', 'make one with: openssl rand -hex 24'),
  FAIRLEAD_SECRET_KEY: secret('the key', 'make one with: openssl rand -hex 32'),
  FAIRLEAD_ROLE: word(['all', 'api', 'worker'], 'all'),
  FAIRLEAD_GIT_INTERVAL: duration('30s'),
  FAIRLEAD_GIT_MAX_MIB: z.coerce.number({ error: sizeError }).int(sizeError).min(1, sizeError).default(2048),
  FAIRLEAD_KUSTOMIZE: z.string().optional(),
  FAIRLEAD_HELM: z.string().optional(),
  FAIRLEAD_FILE_REPOSITORIES: z.string().optional(),
  FAIRLEAD_ALLOW_PRIVATE_ADDRESSES: addressRanges,
  FAIRLEAD_ALLOW_PRIVATE_CHECKS: addressRanges,
  FAIRLEAD_LOG_LEVEL: word(['debug', 'info', 'warn', 'error'], 'info'),
  FAIRLEAD_STALE_AFTER: duration('90s'),
  FAIRLEAD_OFFLINE_AFTER: duration('5m'),
  FAIRLEAD_HEALTH_GRACE: duration('2m'),
  FAIRLEAD_CREDENTIAL_LIFETIME: duration('24h'),
});

type Environment = z.output<typeof schema>;

/** The environment's word, before anything was started: the database's address may still be open. */
export interface Settings {
  /** Undefined: the embedded database, in `dataDir`. */
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  /** Undefined: jobs and fan-out go through Postgres. */
  readonly redisUrl: string | undefined;
  /** Address that the hub listens on; `127.0.0.1` keeps other machines out. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** How agents and people reach the hub from outside; undefined: as the caller did. */
  readonly publicUrl: string | undefined;
  /** Undefined: made at first start and shown once. */
  readonly adminToken: string | undefined;
  /** Undefined (with the embedded database only): made and kept in `dataDir`. */
  readonly secretKey: string | undefined;
  readonly role: 'all' | 'api' | 'worker';
  readonly gitIntervalMs: number;
  /** A repository that takes more on disk is refused. */
  readonly gitMaxBytes: number;
  /** Path of the program; undefined: looked for. */
  readonly kustomize: string | undefined;
  readonly helm: string | undefined;
  /** Folders from which `file://` repositories are allowed. */
  readonly fileRepositories: 'ANY' | readonly string[];
  /** Ranges from which repositories are fetched although they are the machine's or its cloud's own. */
  readonly allowedAddresses: AllowedAddresses;
  /** Private addresses that checks and webhooks may call beside public ones. */
  readonly privateChecks: AllowedAddresses;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly staleAfterMs: number;
  readonly offlineAfterMs: number;
  readonly healthGraceMs: number;
  readonly credentialLifetimeMs: number;
}

/** What child processes need of the machine, and where its tools are. */
export interface MachineSettings {
  /** PATH, and proxy variables where the machine has any. */
  readonly machine: Readonly<Record<string, string>>;
  /** Folder in which the project's scripts keep the tools that they build. */
  readonly toolCache: string;
}

const machineVariables = /^(PATH|(https?|all|no)_proxy)$/i;

/** The same folder as scripts/go-tools uses: the XDG rule, by which a relative path counts as unset. */
export function readMachine(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): MachineSettings {
  const given = Object.entries(environment).filter(
    (entry): entry is [string, string] => machineVariables.test(entry[0]) && entry[1] !== undefined,
  );
  const named = environment['XDG_CACHE_HOME'] ?? '';
  const cache = isAbsolute(named) ? named : join(environment['HOME'] ?? homedir(), '.cache');
  return { machine: Object.fromEntries(given), toolCache: join(cache, 'fairlead', 'tools') };
}

/** Something is wrong with the environment; `problems` has one line for each variable. */
export class SettingsError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The hub cannot start with this environment:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

/** Reads the variables; an empty one counts as unset. Throws `SettingsError` with every problem at once. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.entries(environment).filter(
    ([name, value]) => name.startsWith('FAIRLEAD_') && value !== '',
  );
  const parsed = schema.safeParse(Object.fromEntries(given));
  const shapes = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const problems = [...shapes, ...contradictions(Object.fromEntries(given))];
  if (!parsed.success || problems.length > 0) throw new SettingsError(problems);
  return toSettings(parsed.data);
}

/** What no variable can know of alone. */
function contradictions(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  const problems: string[] = [];
  const ownDatabase = given['FAIRLEAD_DATABASE_URL'] !== undefined;
  if (ownDatabase && given['FAIRLEAD_SECRET_KEY'] === undefined) {
    problems.push(
      'FAIRLEAD_SECRET_KEY: is needed with FAIRLEAD_DATABASE_URL, because every replica must decrypt the same secrets; make one with: openssl rand -hex 32',
    );
  }
  const role = given['FAIRLEAD_ROLE'] ?? 'all';
  if (!ownDatabase && role !== 'all') {
    problems.push(
      `FAIRLEAD_ROLE: "${role}" needs FAIRLEAD_DATABASE_URL; the embedded database belongs to one process, which runs both roles`,
    );
  }
  return problems;
}

function toSettings(environment: Environment): Settings {
  return {
    databaseUrl: environment.FAIRLEAD_DATABASE_URL,
    dataDir: environment.FAIRLEAD_DATA_DIR,
    redisUrl: environment.FAIRLEAD_REDIS_URL,
    host: environment.FAIRLEAD_HOST,
    port: environment.FAIRLEAD_PORT,
    publicUrl: environment.FAIRLEAD_PUBLIC_URL?.replace(/\/+$/, ''),
    adminToken: environment.FAIRLEAD_ADMIN_TOKEN,
    secretKey: environment.FAIRLEAD_SECRET_KEY,
    role: environment.FAIRLEAD_ROLE,
    gitIntervalMs: environment.FAIRLEAD_GIT_INTERVAL,
    gitMaxBytes: environment.FAIRLEAD_GIT_MAX_MIB * 1024 ** 2,
    kustomize: environment.FAIRLEAD_KUSTOMIZE,
    helm: environment.FAIRLEAD_HELM,
    fileRepositories: fileRepositories(environment),
    allowedAddresses: allowedAddresses(environment),
    privateChecks: allowedRanges(environment.FAIRLEAD_ALLOW_PRIVATE_CHECKS ?? ''),
    logLevel: environment.FAIRLEAD_LOG_LEVEL,
    staleAfterMs: environment.FAIRLEAD_STALE_AFTER,
    offlineAfterMs: environment.FAIRLEAD_OFFLINE_AFTER,
    healthGraceMs: environment.FAIRLEAD_HEALTH_GRACE,
    credentialLifetimeMs: environment.FAIRLEAD_CREDENTIAL_LIFETIME,
  };
}

function allowedRanges(given: string): AllowedAddresses {
  return given === 'all' ? 'ANY' : wordsOf(given);
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((range) => range !== '');
}

/** Where the database is embedded, the hub is somebody's own machine, whose files are theirs to use. */
function fileRepositories(environment: Environment): 'ANY' | readonly string[] {
  const listed = environment.FAIRLEAD_FILE_REPOSITORIES;
  if (listed === undefined) return environment.FAIRLEAD_DATABASE_URL === undefined ? 'ANY' : [];
  const folders = listed.split(process.platform === 'win32' ? ';' : /[:,]/);
  return folders.filter((folder) => folder !== '').map((folder) => resolve(folder));
}

/** On somebody's own machine a repository may be served from it; in a container, loopback is other people's sidecars. */
function allowedAddresses(environment: Environment): AllowedAddresses {
  const listed = environment.FAIRLEAD_ALLOW_PRIVATE_ADDRESSES;
  if (listed === undefined) return environment.FAIRLEAD_DATABASE_URL === undefined ? LOOPBACK : [];
  return allowedRanges(listed);
}
