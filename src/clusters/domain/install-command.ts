// The line that a person runs to enrol a cluster with a join token that was just made.
import { isNamePattern } from './resource-name.ts';

/** What the line is made of. */
export interface Installation {
  /** Address of the hub as agents reach it. */
  readonly hubUrl: string;
  /** The join token's secret. */
  readonly token: string;
  /** As the token binds it: a name, or a pattern, for which the person puts a name in. */
  readonly clusterName: string;
}

/** Stands for the name that a person has to choose. */
export const NAME_TO_CHOOSE = 'CLUSTER-NAME';

const CHART = 'helm install fairlead-agent helm/agent --namespace fairlead-agent --create-namespace';
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const PLAIN_WORD = /^[\w@%+=:,./-]+$/;

/** `helm install …`, run from a checkout of this project, in the words of a POSIX shell. */
export function installCommand({ hubUrl, token, clusterName }: Installation): string {
  const values = [
    ['hub.url', hubUrl],
    ['join.token', token],
    ...(isInsecure(new URL(hubUrl)) ? [['hub.insecure', 'true']] : []),
    ...(isNamePattern(clusterName) ? [['clusterName', NAME_TO_CHOOSE]] : []),
  ];
  const settings = values.map(([name, value]) => `--set ${word(`${name}=${helmValue(value ?? '')}`)}`);
  return [CHART, ...settings].join(' ');
}

/** Agents refuse it unless they are told; loopback is no network that anyone could listen on. */
function isInsecure({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && !LOOPBACK.test(hostname);
}

/** helm takes commas for the next setting and braces for a list. */
function helmValue(text: string): string {
  return text.replaceAll(/[\\,{}]/g, (character) => `\\${character}`);
}

function word(text: string): string {
  return PLAIN_WORD.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
