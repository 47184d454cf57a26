// Secret values never leave a cluster: this is the one place that says what is secret and how it is hidden.
import type { KubernetesObject } from './kubernetes-object.ts';

/** What stands where a secret value stood. Equal for all values, so that nothing can be told from it. */
export const MASK = '••••••';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

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

/** A text, such as an API server's refusal, with every value of the given Secret hidden in both its forms. */
export function maskText(text: string, secrets: readonly KubernetesObject[]): string {
  const values = secrets.filter(isSecret).flatMap(secretValues);
  // The longest first, or a short value would break a longer one that contains it.
  const ordered = [...new Set(values)].sort((a, b) => b.length - a.length);
  return ordered.reduce((masked, value) => masked.replaceAll(value, MASK), text);
}

function secretValues(secret: KubernetesObject): string[] {
  const encoded = strings(secret['data']);
  const plain = strings(secret['stringData']);
  return [...encoded, ...encoded.map(decoded), ...plain, ...plain.map(encode)].filter((v) => v.length >= 4);
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
const SENSITIVE_TEXT = /:\/\/[^/\s:@]*:[^/\s@]+@|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** Whether what is kept under this name, in a container's environment or a ConfigMap, is taken for a secret. */
export function isSensitiveName(name: string): boolean {
  return SENSITIVE_NAME.test(name);
}

/** Whether a text is one that nobody should see wherever it stands: a URL with a password, or a private key. */
export function isSensitiveText(text: string): boolean {
  return SENSITIVE_TEXT.test(text);
}
