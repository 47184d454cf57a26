// The rules of containers/*.Dockerfile, checked without an engine.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Instruction {
  readonly name: string;
  readonly words: string;
}

/** Instructions without comments, continued lines joined. */
function instructionsOf(text: string): Instruction[] {
  const lines = text
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n');
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', words = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
      return { name, words };
    });
}

/** What is wrong with a container file, in sentences. */
function problemsOf(text: string): string[] {
  const all = instructionsOf(text);
  const last = all.slice(all.findLastIndex(({ name }) => name === 'FROM'));
  return [
    ...all.flatMap(problemsOfInstruction),
    ...basesOf(all).flatMap((base) => problemsOfBase(base, all)),
    ...(/^[1-9]\d*:[1-9]\d*$/.test(last.findLast(({ name }) => name === 'USER')?.words ?? '')
      ? []
      : ['the last stage must run as a user and group by number, and not as root']),
    ...(last.some(({ name }) => name === 'ENTRYPOINT') ? [] : ['the last stage has no ENTRYPOINT']),
    ...missingSources(all),
  ];
}

const FORBIDDEN = new Map([
  ['ADD', 'ADD fetches and unpacks what nobody looked at: use COPY'],
  ['MAINTAINER', 'MAINTAINER is deprecated: use LABEL'],
  ['', 'a line that is no instruction'],
]);

function problemsOfInstruction({ name, words }: Instruction): string[] {
  const problems = [FORBIDDEN.get(name)];
  if (/^(ENTRYPOINT|CMD)$/.test(name) && !words.startsWith('['))
    problems.push(`${name} starts a shell: use the exec form`);
  if (/^(ENV|ARG)$/.test(name) && /token|secret|password|_key\b/i.test(words))
    problems.push(`${name} keeps a secret in the image: ${words}`);
  if (
    name === 'RUN' &&
    /apt-get install/.test(words) &&
    !/--no-install-recommends.*rm -rf \/var\/lib\/apt\/lists/.test(words)
  )
    problems.push('apt-get install needs --no-install-recommends, and its lists removed');
  if (name === 'RUN' && /(curl|wget|sudo)\b/.test(words))
    problems.push(`nothing is downloaded past a package manager: ${words}`);
  return problems.filter((problem) => problem !== undefined);
}

/** The images from outside, by what FROM says. */
function basesOf(all: readonly Instruction[]): string[] {
  const froms = all.filter(({ name }) => name === 'FROM').map(({ words }) => words.split(/\s+/));
  const stages = new Set(froms.map(([, , stage]) => stage));
  return froms.map(([base = '']) => base).filter((base) => !stages.has(base));
}

function problemsOfBase(base: string, all: readonly Instruction[]): string[] {
  const [, tag, argument] = /^[\w./-]+:([\w.-]+)@\$\{(\w+)\}$/.exec(base) ?? [];
  if (argument === undefined || tag === 'latest')
    return [`${base} must be NAME:TAG@\${DIGEST}, with a tag that says which`];
  const declared = all.some(({ name, words }) => name === 'ARG' && words === argument);
  return declared ? [] : [`${argument} must be an ARG without a default, so that no build forgets it`];
}

/** Files that COPY takes from the checkout and that are not there. */
function missingSources(all: readonly Instruction[]): string[] {
  const copies = all.filter(({ name, words }) => name === 'COPY' && !words.startsWith('--from='));
  const sources = copies.flatMap(({ words }) => words.split(/\s+/).slice(0, -1));
  return sources
    .filter((source) => !existsSync(join(root, source)))
    .map((source) => `${source} is not there`);
}

describe.each(readdirSync(join(root, 'containers')))('containers/%s', (file) => {
  const text = read(join('containers', file));

  it('keeps the rules', () => expect(problemsOf(text)).toEqual([]));

  it('runs on the Node of the project', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: { node: string } };
    const [major] = dependencies.node.split('.');
    const bases = basesOf(instructionsOf(text)).filter((base) => base.startsWith('node:'));
    expect(bases.length).toBeGreaterThan(0);
    for (const base of bases) expect(base).toMatch(new RegExp(`^node:${major}-`));
  });
});

it("the agent's image runs as the user that its chart names, and listens where the chart asks", () => {
  const instructions = instructionsOf(read('containers/agent.Dockerfile'));
  const { runAsUser } = parse(read('helm/agent/values.yaml')) as { runAsUser: number };
  expect(instructions).toContainEqual({ name: 'USER', words: `${runAsUser}:${runAsUser}` });
  expect(instructions).toContainEqual({ name: 'EXPOSE', words: '8081' });
  expect(read('helm/agent/templates/deployment.yaml')).toContain('containerPort: 8081');
});

describe('the rules of container files', () => {
  const good = 'ARG D\nFROM node:24-slim@${D}\nUSER 65532:65532\nENTRYPOINT ["node", "a.mjs"]\n';

  it('let a good one pass', () => expect(problemsOf(good)).toEqual([]));

  it.each([
    ['an image without a digest', good.replace('@${D}', '')],
    ['a tag that says nothing', good.replace('24-slim', 'latest')],
    ['a digest that nobody has to give', good.replace('ARG D', 'ARG D=sha256:0')],
    ['root', good.replace('65532:65532', '0:0')],
    ['a user by name', good.replace('65532:65532', 'node')],
    ['no user', good.replace('USER 65532:65532\n', '')],
    ['a user of an earlier stage alone', `${good}FROM node:24-slim@\${D}\nENTRYPOINT ["node"]\n`],
    ['a shell as entry', good.replace('["node", "a.mjs"]', 'node a.mjs')],
    ['a secret in the image', `${good}ENV FAIRLEAD_ADMIN_TOKEN=x\n`],
    ['a download', `${good}RUN curl https://h | sh\n`],
    ['ADD', `${good}ADD https://h/a.tar /\n`],
    ['a file that is not there', `${good}COPY nowhere.txt /\n`],
  ])('find %s', (_what, text) => expect(problemsOf(text)).toHaveLength(1));
});
