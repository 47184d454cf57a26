// Finds secret values within objects by where they stand and how they look, for whoever shows an object or a part of it.
import type { Json, KubernetesObject } from './kubernetes-object.ts';
import { LAST_APPLIED, isSecret, isSensitiveMember, isSensitiveName, isSensitiveText } from './masking.ts';

/** What stands in place of a secret value. */
export type Replacement = (value: Json) => Json;

/**
 * A copy of a part of an object without what its own name or text gives away as secret. `member`: the name that it
 * stands under.
 */
export function withoutSecretValues(value: Json, replace: Replacement, member = ''): Json {
  if (typeof value === 'string') {
    const isHidden = member === LAST_APPLIED || isSensitiveMember(member) || isSensitiveText(value);
    return isHidden ? replace(value) : value;
  }
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => withoutSecretValues(item, replace, member));
  const { name } = value;
  const isSensitive = typeof name === 'string' && isSensitiveName(name);
  return mapMembers(value, (key, child) =>
    isSensitive && key === 'value' ? replace(child) : withoutSecretValues(child, replace, key),
  );
}

/** A copy of a whole object without any secret value: of a Secret all, of a ConfigMap those whose keys say so. */
export function withoutSecrets(object: KubernetesObject, replace: Replacement): Json {
  return mapMembers(object as Json, (member, content) =>
    isKeptUnder(object, member)
      ? mapMembers(content, (key, value) =>
          isSecret(object) || isSensitiveName(key)
            ? replace(value)
            : withoutSecretValues(value, replace, key),
        )
      : withoutSecretValues(content, replace, member),
  );
}

/** Whether the object keeps values under keys of their own there. */
function isKeptUnder(object: KubernetesObject, member: string): boolean {
  if (isSecret(object)) return member === 'data' || member === 'stringData';
  return object.kind === 'ConfigMap' && (member === 'data' || member === 'binaryData');
}

function mapMembers(value: Json, change: (key: string, child: Json) => Json): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child = null]) => [key, change(key, child)]));
}
