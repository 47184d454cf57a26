// From text to objects: YAML with several documents, JSON, lists of objects, and one JSON object a line.
import { parseAllDocuments } from 'yaml';

/** Something that was read, or why it could not be. What is no object is judged too, so that answers stay in order. */
export type ReadObject = { readonly object: unknown } | { readonly problem: string };

/** The objects that stand together: they may explain one another. */
export type Batch = readonly ReadObject[];

/**
 * The objects of a stream. When its first line is a JSON object by itself each line is a batch as soon as it is there;
 * else the whole text is one.
 */
export async function* readBatches(chunks: AsyncIterable<Buffer>): AsyncGenerator<Batch> {
  let rest = '';
  let byLine: boolean | undefined;
  for await (const text of decoded(chunks)) {
    rest += text;
    byLine ??= startsWithJsonLine(rest);
    if (byLine !== true) continue;
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines.flatMap(readLine);
  }
  yield* byLine === true ? readLine(rest) : [readText(rest)];
}

/** Bytes may come cut in the middle of a character. */
async function* decoded(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** The objects of a whole text. */
export function readText(text: string): Batch {
  const json = parsedJson(text);
  if (json) return itemsOf(json.value);
  const documents = parseAllDocuments(text, { uniqueKeys: false });
  return [...documents].flatMap((document): ReadObject[] => {
    const [error] = document.errors;
    if (error) return [{ problem: firstLine(error.message) }];
    try {
      const value: unknown = document.toJS({ maxAliasCount: 100 });
      return value === null || value === undefined ? [] : itemsOf(value);
    } catch (fault) {
      return [{ problem: firstLine(fault instanceof Error ? fault.message : String(fault)) }];
    }
  });
}

/** Undefined as long as the first line is not whole. */
function startsWithJsonLine(text: string): boolean | undefined {
  const start = text.trimStart();
  if (start === '') return undefined;
  if (!start.startsWith('{')) return false;
  const end = start.indexOf('\n');
  return end < 0 ? undefined : parsedJson(start.slice(0, end)) !== undefined;
}

function readLine(line: string): Batch[] {
  if (line.trim() === '') return [];
  const json = parsedJson(line);
  return [json ? itemsOf(json.value) : [{ problem: 'the line is no JSON object' }]];
}

function parsedJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    // Then it is YAML, or a broken line: the caller says which.
    return undefined;
  }
}

/** The entries of a list of kubectl, or of a plain list; else the value itself. */
function itemsOf(value: unknown): ReadObject[] {
  if (Array.isArray(value)) return value.map((object: unknown) => ({ object }));
  if (typeof value === 'object' && value !== null && 'items' in value && 'kind' in value) {
    const { items, kind } = value;
    if (Array.isArray(items) && typeof kind === 'string' && kind.endsWith('List')) {
      return items.map((object: unknown) => ({ object }));
    }
  }
  return [{ object: value }];
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}
