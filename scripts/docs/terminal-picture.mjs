// A picture of what a program printed, for the README: npm run --silent demo -- --check | node scripts/docs/terminal-picture.mjs docs/demo.svg
import { readFileSync, writeFileSync } from 'node:fs';

const [LINE, CHARACTER, MARGIN, WIDEST] = [20, 8.4, 18, 132];
const colours = { '✓': '#3fb950', '✗': '#f85149', '…': '#8b949e', $: '#58a6ff' };
const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', ' ': '\u00a0' };

const printed = readFileSync(0, 'utf8').trimEnd().split('\n');
const lines = [
  '$ npm run demo',
  // What it waits for on the way is for whoever watches, not for a picture.
  ...printed.filter((line) => !/^(>|setup:|npm warn| *…)/.test(line)),
].map((line) => (line.length > WIDEST ? `${line.slice(0, WIDEST - 1)}…` : line));
const width = Math.max(...lines.map((line) => line.length)) * CHARACTER + 2 * MARGIN;
const height = lines.length * LINE + 2 * MARGIN;

const rows = lines.map((line, index) => {
  const mark = line.trimStart().charAt(0);
  const text = line.replace(/[&<> ]/g, (character) => escapes[character]);
  const y = MARGIN + (index + 0.75) * LINE;
  return `<text x="${MARGIN}" y="${y}" fill="${colours[mark] ?? '#e6edf3'}">${text}</text>`;
});

writeFileSync(
  process.argv[2],
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14">
<rect width="100%" height="100%" rx="10" fill="#0d1117"/>
${rows.join('\n')}
</svg>
`,
);
