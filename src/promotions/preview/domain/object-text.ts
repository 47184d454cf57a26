// An object as lines of YAML, for people to compare. Written here because a comparison needs one form and no library:
// block style, members in their order, strings quoted wherever YAML could take them for something else.

const PLAIN = /^[A-Za-z/_][\w./:@%+~-]*$/;
const WORDS = /^(true|false|null|yes|no|on|off|y|n|~)$/i;

/** The lines of a JSON value. */
export function yamlLines(value: unknown): string[] {
  return linesOf(value, '');
}

function linesOf(value: unknown, indent: string): string[] {
  if (Array.isArray(value) && value.length > 0) return value.flatMap((item) => itemLines(item, indent));
  if (isRecord(value) && Object.keys(value).length > 0) {
    return Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .flatMap(([key, member]) => memberLines(key, member, indent));
  }
  return [`${indent}${scalar(value)}`];
}

function memberLines(key: string, member: unknown, indent: string): string[] {
  const name = `${indent}${text(key)}:`;
  if (isBlockText(member)) return [`${name} |${chomping(member)}`, ...blockLines(member, `${indent}  `)];
  if (!isNested(member)) return [`${name} ${scalar(member)}`];
  return [name, ...linesOf(member, Array.isArray(member) ? indent : `${indent}  `)];
}

function itemLines(item: unknown, indent: string): string[] {
  if (isBlockText(item)) return [`${indent}- |${chomping(item)}`, ...blockLines(item, `${indent}  `)];
  const [first = '', ...rest] = linesOf(item, `${indent}  `);
  return [`${indent}- ${first.slice(indent.length + 2)}`, ...rest];
}

function isNested(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : isRecord(value) && Object.keys(value).length > 0;
}

function isBlockText(value: unknown): value is string {
  return typeof value === 'string' && /\n./s.test(value) && !/^\s|[^\S\n]\n|\r|\t|\n\n$/.test(value);
}

function chomping(value: string): string {
  return value.endsWith('\n') ? '' : '-';
}

function blockLines(value: string, indent: string): string[] {
  return value
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => (line === '' ? '' : `${indent}${line}`));
}

function scalar(value: unknown): string {
  if (typeof value === 'string') return text(value);
  return JSON.stringify(value ?? null);
}

function text(value: string): string {
  return PLAIN.test(value) && !WORDS.test(value) && !value.endsWith(':') ? value : JSON.stringify(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
