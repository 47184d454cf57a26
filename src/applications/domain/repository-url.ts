// Addresses of Git repositories: http(s), ssh, the short ssh form, and file where the operator allows it.

/** Which protocol an address speaks; it decides which credentials make sense. */
export type RepositoryProtocol = 'HTTP' | 'SSH' | 'FILE';

/** Folders from which `file://` is allowed. */
export type FileRepositories = 'ANY' | readonly string[];

const SHORT_SSH = /^[A-Za-z0-9][\w.-]*@[A-Za-z0-9][\w.-]*:(?!\/\/)\S+$/;

/** The protocol, or undefined where the address is none that Fairlead fetches from. */
export function repositoryProtocol(url: string): RepositoryProtocol | undefined {
  if (/^https?:\/\//.test(url)) return 'HTTP';
  if (url.startsWith('ssh://') || SHORT_SSH.test(url)) return 'SSH';
  return url.startsWith('file://') ? 'FILE' : undefined;
}

/** Why the hub does not fetch from this address; undefined where it does. The message never repeats a password. */
export function repositoryUrlProblem(url: string, allowed: FileRepositories): string | undefined {
  const protocol = repositoryProtocol(url);
  if (protocol === undefined) {
    return 'The repository must be an address that begins with https://, http://, ssh:// or file://, or like git@host:path.';
  }
  if (/[\s\p{Cc}]/u.test(url) || url.length > 2_000)
    return 'The address of the repository holds white space or is too long.';
  if (protocol === 'FILE') return fileProblem(url, allowed);
  if (!SHORT_SSH.test(url) && !isPlainAddress(url)) {
    return 'The address of the repository must name a host and no password: save credentials with saveRepository.';
  }
  return undefined;
}

function isPlainAddress(url: string): boolean {
  // A host that begins with "-" would be an option of ssh.
  const authority = /^[a-z]+:\/\/([^/?#]+)/.exec(url)?.[1] ?? '';
  const [host, user] = authority.split('@').toReversed();
  const loginAllowed = url.startsWith('ssh://') && !user?.includes(':') && !user?.startsWith('-');
  return /^[[A-Za-z0-9]/.test(host ?? '') && (user === undefined || loginAllowed);
}

function fileProblem(url: string, allowed: FileRepositories): string | undefined {
  const path = pathOf(url);
  if (path === undefined) return 'A file repository is written like file:///absolute/path, without "..".';
  if (allowed === 'ANY') return undefined;
  const inside = allowed.some(
    (folder) => path === folder || path.startsWith(`${folder.replace(/\/$/, '')}/`),
  );
  return inside
    ? undefined
    : `${url} is not below a folder of FAIRLEAD_FILE_REPOSITORIES: ${allowed.length > 0 ? allowed.join(', ') : 'none is set'}.`;
}

function pathOf(url: string): string | undefined {
  const path = decoded(url.slice('file://'.length));
  return path?.startsWith('/') && !path.split('/').includes('..') ? path : undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // A "%" without its two digits.
    return undefined;
  }
}
