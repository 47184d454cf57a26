// Turns what git says on standard error into one of our codes, in words for a person.
import { SourceError, type SourceErrorCode } from '../source-error.ts';

interface Rule {
  readonly pattern: RegExp;
  readonly code: SourceErrorCode;
  readonly advice: string;
}

// The order matters: a refused login is often followed by a general "could not read from remote repository".
const rules: readonly Rule[] = [
  {
    pattern: /returned error: 30[12378]/i,
    code: 'REPOSITORY_NOT_ALLOWED',
    advice:
      'It answers with a redirect, which is not followed, because the credential would go along: save the repository with the address that it leads to, often the one with .git at its end.',
  },
  {
    pattern: /host key verification failed|no (\w+ )?host key is known/i,
    code: 'REPOSITORY_HOST_KEY',
    advice: 'The server has a host key that is not known: save the repository with knownHosts.',
  },
  {
    pattern:
      /authentication failed|could not read (username|password)|permission denied|invalid (username|password|credentials)|access denied|error: 40[13]|load key .*(invalid format|error in libcrypto)/i,
    code: 'REPOSITORY_AUTHENTICATION',
    advice:
      'It wants a credential, or another one: save the repository with a username and password, or an SSH key.',
  },
  {
    pattern: /certificate|ssl|tls/i,
    code: 'REPOSITORY_CERTIFICATE',
    advice: 'Its certificate is not trusted: save the repository with caCertificate.',
  },
  {
    pattern:
      /repository .*not found|does not appear to be a git repository|error: 404|not found|no such file or directory|does not exist/i,
    code: 'REPOSITORY_NOT_FOUND',
    advice: 'There is no such repository there: check the address.',
  },
  {
    pattern: /transport '.*' not allowed|dubious ownership/i,
    code: 'REPOSITORY_NOT_ALLOWED',
    advice: 'Git refuses this kind of address.',
  },
  {
    pattern: /timed? ?out|block timeout|aborted/i,
    code: 'REPOSITORY_TIMEOUT',
    advice: 'It did not answer in time.',
  },
];

const fallback = {
  code: 'REPOSITORY_UNREACHABLE',
  advice: 'It could not be reached: check the address and the network.',
} as const;

/** The named error of a fetch that failed with this text. */
export function gitFailure(url: string, text: string): SourceError {
  const { code, advice } = rules.find((rule) => rule.pattern.test(text)) ?? fallback;
  return new SourceError(code, `Repository ${url}: ${advice} Git said: ${lastLines(text)}`);
}

// The end of the text holds the reason; progress lines before it say nothing.
function lastLines(text: string): string {
  const lines = text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(remote: )?(Counting|Compressing|Enumerating|Receiving)/.test(line));
  return lines.slice(-3).join(' · ').slice(-400) || 'nothing';
}
