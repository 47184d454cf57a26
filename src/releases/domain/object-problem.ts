// Why a rendered document is no object that could be applied. No message holds a value, for it may be secret.
import { isSecret } from '@fairlead/protocol/masking';

/** An object of anything. */
export type Fields = Readonly<Record<string, unknown>>;

/** What is wrong, in words for a person; undefined where nothing is. */
export function objectProblem(value: unknown): string | undefined {
  if (!isFields(value)) return 'This is no Kubernetes object.';
  const { apiVersion, kind } = value;
  if (!isText(kind)) return 'The object has no kind.';
  if (!isText(apiVersion)) return `The ${kind} has no apiVersion.`;
  const metadata = asFields(value['metadata']);
  const { name = null } = metadata;
  if (name === null || name === '') return `The ${kind} has no metadata.name.`;
  // Kubernetes reads a bare `n`, `yes` or `1` as something else than a text.
  if (!isText(name)) return `A ${kind} has a metadata.name that is not a text; put it in quotes.`;
  const field = wrongField(metadata, isSecret({ apiVersion, kind }) ? value['stringData'] : undefined);
  return field && `${kind} "${name}": ${field} is not a text; put it in quotes.`;
}

function wrongField(metadata: Fields, stringData: unknown): string | undefined {
  const { namespace = null } = metadata;
  if (namespace !== null && typeof namespace !== 'string') return 'metadata.namespace';
  return (
    notText('metadata.labels', metadata['labels']) ??
    notText('metadata.annotations', metadata['annotations']) ??
    notText('stringData', stringData)
  );
}

function notText(field: string, values: unknown): string | undefined {
  const [key] = Object.entries(asFields(values)).find(([, value]) => typeof value !== 'string') ?? [];
  return key === undefined ? undefined : `${field}.${key}`;
}

/** Whether a value is an object and no list. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value where it is an object, else an empty one. */
export const asFields = (value: unknown): Fields => (isFields(value) ? value : {});

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
