// What a person wants healed, in words that an agent can tell apart. Pure.
import type { DriftType } from '@fairlead/protocol/drift';
import type { DriftFilter } from './drift-filter.ts';

/** Members that are not given are no condition. */
export interface HealWish {
  readonly objectKind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly path?: string | undefined;
  readonly manager?: string | undefined;
  readonly type?: readonly DriftType[] | undefined;
}

/** The filter as a wish. */
export function wishOf({ objectKind, namespace, name, path, manager, type }: DriftFilter): HealWish {
  return given({ objectKind, namespace, name, path, manager, type });
}

/**
 * Whether a wish says of the fields of an object all that the filter says; the rest only chooses instances. An agent
 * knows no classes and no ages, an unknown manager is no name of one, and a whole object is no path of a field.
 */
export function isWish({ managerClass, contested, since, olderThanMs, path, manager }: DriftFilter): boolean {
  const unsaid = [managerClass, contested, since, olderThanMs].some((value) => value !== undefined);
  return !unsaid && path !== '' && manager !== '';
}

/** An item as a wish for exactly that. */
export function wishOfItem(item: {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly path: string;
  readonly type: DriftType;
}): HealWish {
  const { kind, namespace, name, path, type } = item;
  // Without a path the type alone tells an object that is away from all of its fields.
  return given({ objectKind: kind, namespace, name, path, ...(path === '' && { type: [type] }) });
}

function given(wish: HealWish): HealWish {
  return Object.fromEntries(
    Object.entries(wish).filter(([, value]) => value !== undefined && value !== ''),
  ) as HealWish;
}
