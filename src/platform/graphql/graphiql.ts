// GraphiQL from the installed package, bundled by the set-up (scripts/setup/bundle-graphiql.mjs): no CDN.
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// The same folder from src/platform/graphql and from dist/platform/graphql.
const folder = fileURLToPath(new URL('../../../dist/graphiql/', import.meta.url));

const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
};

/** The page; `path` is where operations go. The token is asked for in the page and kept by the browser. */
export function graphiqlPage(path: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Fairlead GraphiQL</title>
<link rel="stylesheet" href="${path}/assets/graphiql.css">
<style>html, body, #graphiql { height: 100%; margin: 0 }</style>
</head>
<body>
<div id="graphiql" data-path="${path}">Loading GraphiQL …</div>
<script type="module" src="${path}/assets/graphiql.js"></script>
</body>
</html>
`;
}

/** One file of the bundle; `undefined` where there is none of that name. */
export async function graphiqlFile(
  name: string,
): Promise<{ readonly content: Buffer; readonly contentType: string } | undefined> {
  const contentType = contentTypes[extname(name)];
  if (!contentType || !/^[\w.-]+$/.test(name)) return undefined;
  try {
    return { content: await readFile(join(folder, name)), contentType };
  } catch {
    return undefined;
  }
}
