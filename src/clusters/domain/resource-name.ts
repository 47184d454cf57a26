// Names of clusters, environments, policies and applications: they stand in paths, labels and URLs.

const NAME = /^(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Why `name` is no name for a `kind` ("cluster"); `undefined` where it is. */
export function nameProblem(kind: string, name: string): string | undefined {
  if (NAME.test(name)) return undefined;
  return `the name of a ${kind} is 1 to 63 small letters, digits, "-" and ".", with a letter or digit at both ends and beside each "."; "${name.slice(0, 80)}" is not.`;
}

/** Whether `text` is a pattern: it has a `*`. */
export function isNamePattern(text: string): boolean {
  return text.includes('*');
}

/** Why `text` is neither a cluster's name nor a pattern of such names. */
export function namePatternProblem(text: string): string | undefined {
  if (!isNamePattern(text)) return nameProblem('cluster', text);
  if (/^(?=.{1,63}$)[-a-z0-9.*]+$/.test(text) && !text.includes('**')) return undefined;
  return `a pattern of cluster names is made of small letters, digits, "-", "." and single "*", at most 63; "${text.slice(0, 80)}" is not.`;
}

/** Whether `name` fits; each `*` stands for any number of characters. */
export function matchesNamePattern(pattern: string, name: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === name;
  const tail = rest.pop() ?? '';
  if (name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail)) return false;
  return inOrder(rest, name.slice(head.length, name.length - tail.length));
}

function inOrder(parts: readonly string[], text: string): boolean {
  let from = 0;
  for (const part of parts) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return true;
}
