// Secret values never leave a cluster: this is the one place that says what is secret and how it is hidden.
import type { KubernetesObject } from './kubernetes-object.ts';

/** What stands where a secret value stood. Equal for all values, so that nothing can be told from it. */
export const MASK = '••••••';

/** The annotation in which `kubectl apply` keeps a whole object. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Whether the object holds secret values, so that its bundle is stored encrypted. */
export function isSecret(object: { readonly apiVersion: string; readonly kind: string }): boolean {
  return object.kind === 'Secret' && object.apiVersion === 'v1';
}

/** A copy of a Secret with every value replaced; other objects are returned as they are. */
export function maskObject(object: KubernetesObject): KubernetesObject {
  if (!isSecret(object)) return object;
  return {
    ...object,
    metadata: withoutLastApplied(object.metadata),
    ...('data' in object && { data: maskValues(object['data']) }),
    ...('stringData' in object && { stringData: maskValues(object['stringData']) }),
  };
}

/** A text, such as an API server's refusal, with every value of the given Secrets hidden in each of its forms. */
export function maskText(text: string, secrets: readonly KubernetesObject[]): string {
  return maskerOf(secrets)(text);
}

/** `maskText` for many texts: what is to be hidden is worked out once. */
export function maskerOf(secrets: readonly KubernetesObject[]): (text: string) => string {
  const values = formsOf(secrets);
  return (text) => values.reduce((masked, value) => masked.replaceAll(value, MASK), text);
}

/** Hides at the end of a text that was cut what may be the beginning of a value, besides all whole values. */
export function maskCutText(text: string, secrets: readonly KubernetesObject[]): string {
  const values = formsOf(secrets);
  const masked = values.reduce((rest, value) => rest.replaceAll(value, MASK), text);
  const begins = values.map((value) => beginningAtEnd(masked, value)).filter((at) => at >= 0);
  return begins.length === 0 ? masked : `${masked.slice(0, Math.min(...begins))}${MASK}`;
}

/** Shorter values stand in every text, and hide nothing worth knowing. */
const SHORTEST_VALUE = 4;

/** As given, in base64, and as JSON quotes it; the longest first, or a short one would break one that contains it. */
function formsOf(secrets: readonly KubernetesObject[]): readonly string[] {
  const forms = secrets.filter(isSecret).flatMap(formsOfOne);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

// To work them out costs a millisecond for each Secret, and every difference that ends is masked by all of a cluster's.
const known = new WeakMap<KubernetesObject, readonly string[]>();

function formsOfOne(secret: KubernetesObject): readonly string[] {
  const before = known.get(secret);
  if (before) return before;
  const values = secretValues(secret);
  const forms = [...values, ...values.map((value) => JSON.stringify(value).slice(1, -1))];
  known.set(secret, forms);
  return forms;
}

/** Where the text breaks off within the value; -1 where it does not. */
function beginningAtEnd(text: string, value: string): number {
  const head = value.slice(0, SHORTEST_VALUE);
  const from = Math.max(0, text.length - value.length);
  for (let at = text.indexOf(head, from); at >= 0; at = text.indexOf(head, at + 1)) {
    if (value.startsWith(text.slice(at))) return at;
  }
  return -1;
}

function secretValues(secret: KubernetesObject): string[] {
  const encoded = strings(secret['data']);
  const plain = strings(secret['stringData']);
  const all = [...encoded, ...encoded.map(decoded), ...plain, ...plain.map(encode)];
  return all.filter((value) => value.length >= SHORTEST_VALUE);
}

function maskValues(values: unknown): Record<string, string> {
  return Object.fromEntries(Object.keys(values ?? {}).map((key) => [key, MASK]));
}

function withoutLastApplied(metadata: KubernetesObject['metadata']): KubernetesObject['metadata'] {
  if (!metadata.annotations?.[LAST_APPLIED]) return metadata;
  return { ...metadata, annotations: { ...metadata.annotations, [LAST_APPLIED]: MASK } };
}

function strings(values: unknown): string[] {
  return Object.values((values ?? {}) as Record<string, unknown>).filter((v) => typeof v === 'string');
}

function decoded(value: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(value), (char) => char.charCodeAt(0)));
  } catch {
    // Not base64: the API server will refuse it, and its message may quote the raw value, which is listed as well.
    return value;
  }
}

function encode(value: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(value)));
}

const SENSITIVE_NAME = /pass(word|wd|phrase)|secret|token|credential|(api|private|access|signing)[-_.]?key/i;
const SENSITIVE_MEMBER =
  /(pass(word|wd|phrase)|secret|token|credentials?|(api|private|access|signing)[-_.]?key)$/i;
const SENSITIVE_TEXT = /:\/\/[^/\s:@]*:[^/\s@]+@|-----BEGIN [A-Z ]*PRIVATE KEY-----/;
// `--db-password=…`, `password: "…"`; not what only refers to a value, as `${PASSWORD}` does.
const SENSITIVE_SETTING =
  /(pass(word|wd|phrase)|secret|token|(api|private|access|secret|signing)[-_.]?key)["']?\s*[=:]\s*["']?(?!true\b|false\b|null\b)[^\s"'$`{<%[(][^\s"']{3,}/i;

/** Whether what is kept under this name, in a container's environment or a ConfigMap, is taken for a secret. */
export function isSensitiveName(name: string): boolean {
  return SENSITIVE_NAME.test(name);
}

/** Whether a text directly under a member of this name is taken for a secret, in whatever kind; `secretName` is none. */
export function isSensitiveMember(name: string): boolean {
  return SENSITIVE_MEMBER.test(name);
}

/** Whether a text is one that nobody should see wherever it stands: a password in a URL or a setting, or a private key. */
export function isSensitiveText(text: string): boolean {
  return SENSITIVE_TEXT.test(text) || SENSITIVE_SETTING.test(text);
}
