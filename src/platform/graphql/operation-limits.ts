// How large an operation may be, judged on its text before anything runs. Pure.
import { Kind, type DocumentNode, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';

/** The limits, each named in the error that it causes. */
export interface OperationLimits {
  readonly maxDepth: number;
  readonly maxAliases: number;
  /** Fields in all, each spread of a fragment counted anew. */
  readonly maxFields: number;
  readonly maxTokens: number;
}

/** What people and tools need many times over. */
export const operationLimits: OperationLimits = {
  maxDepth: 15,
  maxAliases: 100,
  maxFields: 2_000,
  maxTokens: 4_000,
};

interface Size {
  readonly depth: number;
  readonly aliases: number;
  readonly fields: number;
}

const nothing: Size = { depth: 0, aliases: 0, fields: 0 };

/** One sentence for each limit that the document breaks. Introspection is measured by its fields, not by its depth. */
export function limitsBroken(
  document: DocumentNode,
  limits: OperationLimits = operationLimits,
): readonly string[] {
  const { depth, aliases, fields } = sizeOfDocument(document);
  const over = (what: string, found: number, limit: number): string[] =>
    found > limit ? [`${what}: ${found}, and the hub serves at most ${limit}.`] : [];
  return [
    ...over('The operation is too deep', depth, limits.maxDepth),
    ...over('The operation has too many aliases', aliases, limits.maxAliases),
    ...over('The operation has too many fields', fields, limits.maxFields),
  ];
}

function sizeOfDocument(document: DocumentNode): Size {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const measure = measureWith(fragments);
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  return operations.map((operation) => measure(operation.selectionSet)).reduce(widest, nothing);
}

function widest(a: Size, b: Size): Size {
  return {
    depth: Math.max(a.depth, b.depth),
    aliases: Math.max(a.aliases, b.aliases),
    fields: Math.max(a.fields, b.fields),
  };
}

/** Each fragment is measured once, so that fragments that spread one another twice over stay cheap to judge. */
function measureWith(
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): (set: SelectionSetNode) => Size {
  const sizes = new Map<string, Size>();
  const ofFragment = (name: string): Size => {
    const known = sizes.get(name);
    if (known) return known;
    // A fragment inside itself ends here; validation refuses it by its own rule.
    sizes.set(name, nothing);
    const fragment = fragments.get(name);
    const size = fragment ? ofSet(fragment.selectionSet) : nothing;
    sizes.set(name, size);
    return size;
  };
  const ofSelection = (node: SelectionSetNode['selections'][number]): Size => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return ofFragment(node.name.value);
    const inner = node.selectionSet ? ofSet(node.selectionSet) : nothing;
    if (node.kind === Kind.INLINE_FRAGMENT) return inner;
    const own = node.name.value.startsWith('__') ? 0 : 1 + inner.depth;
    return { depth: own, aliases: inner.aliases + (node.alias ? 1 : 0), fields: inner.fields + 1 };
  };
  const ofSet = (set: SelectionSetNode): Size => {
    const total = { depth: 0, aliases: 0, fields: 0 };
    for (const size of set.selections.map(ofSelection)) {
      total.depth = Math.max(total.depth, size.depth);
      total.aliases += size.aliases;
      total.fields += size.fields;
    }
    return total;
  };
  return ofSet;
}
