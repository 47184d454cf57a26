// The closure: every file that a render will read, found without rendering. An overlay's own folder is not enough,
// because its bases lie elsewhere.
import { SourceError } from '../source-error.ts';
import { isRemote, kustomizationReferences } from './kustomization-references.ts';
import { lookUp, normalPath, type Found } from './look-up.ts';
import type { ClosureFile, RendererKind, RenderSource } from './render-source.ts';
import type { SourceTree } from './source-tree.ts';
import { yamlDocuments } from './yaml-documents.ts';

const kustomizationNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

// A folder link that points above itself would otherwise be walked for ever.
const MAX_DEPTH = 40;

type Files = Map<string, string>;

/** The renderer that AUTO means here. PATH_NOT_FOUND where there is nothing at the path. */
export async function detectRenderer(
  tree: SourceTree,
  source: RenderSource,
): Promise<Exclude<RendererKind, 'AUTO'>> {
  const root = await required(tree, source.path, `Path "${source.path}"`);
  if (source.renderer !== 'AUTO') return source.renderer;
  if (root.entry.kind !== 'FOLDER') return 'PLAIN';
  if (await kustomizationAt(tree, source.path)) return 'KUSTOMIZE';
  return (await lookUp(tree, `${source.path}/Chart.yaml`)) ? 'HELM' : 'PLAIN';
}

/** Sorted by path. Errors name the file that refers to what is missing, remote or outside. */
export async function closureFiles(
  tree: SourceTree,
  source: RenderSource,
  renderer: Exclude<RendererKind, 'AUTO'>,
): Promise<ClosureFile[]> {
  const files: Files = new Map();
  switch (renderer) {
    case 'PLAIN':
      await addBelow(tree, normalPath(source.path) ?? '', files, isManifest);
      break;
    case 'KUSTOMIZE':
      await addKustomizations(tree, source.path, files);
      break;
    case 'HELM':
      await addBelow(tree, normalPath(source.path) ?? '', files, () => true);
      for (const file of source.helm.valueFiles)
        await addFile(tree, valueFilePath(source, file), 'The value file', files);
  }
  return [...files].map(([path, id]) => ({ path, id })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Where a value file stands in the repository. */
export function valueFilePath(source: RenderSource, file: string): string {
  return file.startsWith('/') ? file.slice(1) : `${source.path}/${file}`;
}

const isManifest = (path: string) => /\.(yaml|yml|json)$/i.test(path);

async function addBelow(
  tree: SourceTree,
  start: string,
  files: Files,
  wanted: (path: string) => boolean,
): Promise<void> {
  const waiting = [{ path: start, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path, depth } = next;
    const { entry } = await required(tree, path, `Path "${path}"`);
    if (entry.kind !== 'FOLDER') {
      if (wanted(path)) files.set(path, entry.id);
      continue;
    }
    if (depth >= MAX_DEPTH) throw circle(path);
    for (const child of await tree.folder(entry.id)) {
      const childPath = path === '' ? child.name : `${path}/${child.name}`;
      const skipped = child.kind === 'SUBMODULE' || (child.kind === 'FILE' && !wanted(childPath));
      if (!skipped) waiting.push({ path: childPath, depth: depth + 1 });
    }
  }
}

const circle = (path: string) =>
  new SourceError('SYMLINK_OUTSIDE', `${path} lies in itself: a symbolic link leads in a circle. Remove it.`);

async function addKustomizations(tree: SourceTree, start: string, files: Files): Promise<void> {
  const waiting = [normalPath(start) ?? start];
  const seen = new Set<string>();
  let open = false;
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (seen.has(folder)) continue;
    seen.add(folder);
    const kustomization = await kustomizationAt(tree, folder);
    if (!kustomization) throw noKustomization(folder, tree);
    files.set(kustomization.path, kustomization.id);
    const [document] = yamlDocuments((await tree.file(kustomization.id)).toString(), kustomization.path);
    const references = kustomizationReferences(document?.value);
    open ||= references.open;
    for (const name of references.files) await addFile(tree, join(folder, name), kustomization.path, files);
    for (const name of references.entries)
      await addEntry(tree, { folder, name, from: kustomization.path }, files, waiting);
  }
  if (open) await addBelow(tree, '', files, () => true);
}

interface Reference {
  readonly folder: string;
  readonly name: string;
  readonly from: string;
}

async function addEntry(
  tree: SourceTree,
  reference: Reference,
  files: Files,
  waiting: string[],
): Promise<void> {
  const { folder, name, from } = reference;
  const path = join(folder, name);
  const found = await lookUp(tree, path);
  if (!found && isRemote(name)) {
    throw new SourceError(
      'KUSTOMIZE_REMOTE_BASE',
      `${from} names ${name}, which is not in the repository. Remote bases are not fetched: copy it into the repository.`,
    );
  }
  if (!found) throw notThere(`${from} names "${name}"`, tree);
  if (found.entry.kind === 'FOLDER') waiting.push(path);
  else files.set(path, found.entry.id);
}

async function addFile(tree: SourceTree, path: string, from: string, files: Files): Promise<void> {
  const found = await required(tree, path, `${from} names "${path}"`);
  if (found.entry.kind === 'FOLDER')
    throw new SourceError('PATH_NOT_FOUND', `${from} names "${path}", a folder, not a file.`);
  files.set(normalPath(path) ?? path, found.entry.id);
}

async function kustomizationAt(tree: SourceTree, folder: string): Promise<ClosureFile | undefined> {
  for (const name of kustomizationNames) {
    const path = folder === '' ? name : `${normalPath(folder)}/${name}`;
    const found = await lookUp(tree, path);
    if (found && found.entry.kind !== 'FOLDER') return { path, id: found.entry.id };
  }
  return undefined;
}

// A path that leaves the repository stays as it is: nothing is found there, and the message shows what was written.
const join = (folder: string, name: string) => normalPath(`${folder}/${name}`) ?? `${folder}/${name}`;

async function required(tree: SourceTree, path: string, what: string): Promise<Found> {
  const found = await lookUp(tree, path);
  if (found) return found;
  throw notThere(what, tree);
}

const notThere = (what: string, tree: SourceTree) =>
  new SourceError('PATH_NOT_FOUND', `${what}: it is not in the repository at commit ${tree.commit}.`);

const noKustomization = (folder: string, tree: SourceTree) =>
  new SourceError(
    'PATH_NOT_FOUND',
    `Folder "${folder}" has no ${kustomizationNames.join(', no ')} at commit ${tree.commit}.`,
  );
