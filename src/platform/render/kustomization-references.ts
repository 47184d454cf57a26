// Which files and folders a kustomization names. Pure: reads the parsed file, touches nothing.

/** Names as written, relative to the kustomization's folder. */
export interface KustomizationReferences {
  /** A file, or a folder with a kustomization of its own. */
  readonly entries: readonly string[];
  readonly files: readonly string[];
  /** It uses plug-ins whose own files may name any other: everything in the repository may be read. */
  readonly open: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

const entryFields = ['resources', 'bases', 'components'] as const;
const pluginFields = ['generators', 'transformers', 'validators'] as const;
const fileFields = ['crds', 'configurations', 'patchesStrategicMerge'] as const;
const pathFields = ['patches', 'patchesJson6902', 'replacements'] as const;

/** What a kustomization refers to; what is no list or no text is left to kustomize to complain about. */
export function kustomizationReferences(kustomization: unknown): KustomizationReferences {
  const fields = asFields(kustomization);
  const plugins = pluginFields.flatMap((field) => texts(fields[field])).filter(isPath);
  return {
    entries: [...entryFields.flatMap((field) => texts(fields[field])), ...plugins],
    files: [
      ...fileFields.flatMap((field) => texts(fields[field])).filter(isPath),
      ...pathFields.flatMap((field) => objects(fields[field])).flatMap((item) => texts([item['path']])),
      ...texts([asFields(fields['openapi'])['path']]),
      ...generatorFiles([...objects(fields['configMapGenerator']), ...objects(fields['secretGenerator'])]),
    ],
    open: plugins.length > 0,
  };
}

/** Whether a name that is not in the repository is the address of something elsewhere. */
export function isRemote(name: string): boolean {
  return /:\/\/|^[\w.-]+@[\w.-]+:|^(git::|gh:)|[?&](ref|version)=|^(github\.com|gitlab\.com|bitbucket\.org)[/:]|\.git(\/\/|$)/.test(
    name,
  );
}

function generatorFiles(generators: readonly Fields[]): string[] {
  return generators.flatMap((generator) => [
    ...texts(generator['files']).map((text) => text.slice(text.indexOf('=') + 1)),
    ...texts(generator['envs']),
    ...texts([generator['env']]),
  ]);
}

// Patches and plug-ins may also stand in the kustomization itself, as a text of several lines.
const isPath = (text: string) => !text.includes('\n');

const asFields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const texts = (value: unknown): string[] =>
  list(value).filter((item) => typeof item === 'string' && item !== '') as string[];
const objects = (value: unknown): Fields[] => list(value).map(asFields);
