// Which credential a person's input means, and what is wrong with it.
import type { RepositoryProtocol } from './repository-url.ts';

/** The kind is public; everything else is write-only. */
export type CredentialKind = 'NONE' | 'BASIC' | 'SSH';

/** What a person gives; each member may be left out. */
export interface CredentialRequest {
  readonly username?: string;
  readonly password?: string;
  readonly sshPrivateKey?: string;
  readonly knownHosts?: string;
  readonly caCertificate?: string;
}

/** What is stored, encrypted. */
export type StoredCredential =
  | { readonly kind: 'NONE'; readonly caCertificate?: string }
  | {
      readonly kind: 'BASIC';
      readonly username: string;
      readonly password: string;
      readonly caCertificate?: string;
    }
  | { readonly kind: 'SSH'; readonly privateKey: string; readonly knownHosts?: string };

/** The credential; a password alone belongs to the user `git`, as hosting services have it for tokens. */
export function credentialOf(request: CredentialRequest): StoredCredential {
  const { username = 'git', password, sshPrivateKey, knownHosts, caCertificate } = request;
  if (sshPrivateKey !== undefined) {
    return { kind: 'SSH', privateKey: sshPrivateKey, ...(knownHosts !== undefined && { knownHosts }) };
  }
  const authority = caCertificate === undefined ? {} : { caCertificate };
  return password === undefined
    ? { kind: 'NONE', ...authority }
    : { kind: 'BASIC', username, password, ...authority };
}

/** Sentences for a person; none of them repeats a secret. */
export function credentialProblems(protocol: RepositoryProtocol, request: CredentialRequest): string[] {
  return [...combinationProblems(protocol, request), ...formProblems(request)];
}

const given = (...values: (string | undefined)[]) => values.some((value) => value !== undefined);

function combinationProblems(protocol: RepositoryProtocol, request: CredentialRequest): string[] {
  const { username, password, sshPrivateKey, knownHosts, caCertificate } = request;
  return brokenRules([
    [given(username) && !given(password), 'A username needs a password.'],
    [given(knownHosts) && !given(sshPrivateKey), 'knownHosts needs sshPrivateKey.'],
    [
      protocol !== 'HTTP' && given(username, password, caCertificate),
      'username, password and caCertificate are for http(s).',
    ],
    [protocol !== 'SSH' && given(sshPrivateKey, knownHosts), 'sshPrivateKey and knownHosts are for ssh.'],
  ]);
}

function formProblems({
  username = '',
  password = '',
  sshPrivateKey,
  caCertificate,
}: CredentialRequest): string[] {
  const isKey = sshPrivateKey === undefined || /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(sshPrivateKey);
  const isCertificate = caCertificate === undefined || caCertificate.includes('-----BEGIN CERTIFICATE-----');
  return brokenRules([
    [/[\r\n]/.test(username + password), 'username and password are one line each.'],
    [!isKey, 'sshPrivateKey is not a private key in PEM or OpenSSH form.'],
    [!isCertificate, 'caCertificate is not a certificate in PEM form.'],
  ]);
}

const brokenRules = (rules: readonly (readonly [boolean, string])[]) =>
  rules.filter(([broken]) => broken).map(([, message]) => message);
