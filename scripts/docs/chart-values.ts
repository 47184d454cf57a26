// The table of a chart's values, from the comments in its values.yaml.
import { parse } from 'yaml';

const START = '<!-- values:';
const END = '<!-- /values -->';

/** The page with the table between its two marks; throws where a mark is missing or a value has no comment. */
export function withChartValues(page: string, valuesYaml: string): string {
  const start = page.indexOf('\n', page.indexOf(START)) + 1;
  const end = page.indexOf(END);
  if (!page.includes(START) || end < 0) throw new Error("the chart's README has lost its values marks");
  const rows = documentedValues(valuesYaml).map(
    ({ path, text, value }) => `| \`${path}\` | ${text} | \`${JSON.stringify(value)}\` |`,
  );
  const table = ['', '| Value | Meaning | Default |', '|---|---|---|', ...rows, ''];
  return `${page.slice(0, start)}${table.join('\n')}\n${page.slice(end)}`;
}

/** One value that a person may set. */
export interface DocumentedValue {
  /** With dots between the keys, as `--set` takes it. */
  readonly path: string;
  readonly text: string;
  readonly value: unknown;
}

/** Every value with the comment above it; one whose comment is missing is an error, unless it belongs to one that has one. */
export function documentedValues(valuesYaml: string): DocumentedValue[] {
  return collect(commentedKeys(valuesYaml), parse(valuesYaml) as object, []);
}

function collect(comments: ReadonlyMap<string, string>, values: object, above: string[]): DocumentedValue[] {
  return Object.entries(values).flatMap(([key, value]: [string, unknown]) => {
    const path = [...above, key].join('.');
    const text = comments.get(path);
    if (text !== undefined) return [{ path, text, value }];
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isGroup || Object.keys(value).length === 0) throw new Error(`values.yaml: ${path} has no comment`);
    return collect(comments, value, [...above, key]);
  });
}

/** The comment that stands above each key, by the key's path. An empty line parts a comment from what follows it. */
function commentedKeys(valuesYaml: string): Map<string, string> {
  const found = new Map<string, string>();
  let comment: string[] = [];
  let path: string[] = [];
  for (const line of valuesYaml.split('\n')) {
    const text = /^\s*# (.*)$/.exec(line)?.[1];
    const [, indent = '', key] = /^( *)([A-Za-z][\w]*):/.exec(line) ?? [];
    if (text !== undefined) comment.push(text);
    else if (key === undefined) comment = [];
    else {
      path = [...path.slice(0, indent.length / 2), key];
      if (comment.length > 0) found.set(path.join('.'), comment.join(' '));
      comment = [];
    }
  }
  return found;
}
