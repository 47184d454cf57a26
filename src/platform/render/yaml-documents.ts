// YAML and JSON as Kubernetes reads them, with file and line of every document and of every mistake.
import { LineCounter, parseAllDocuments, type Document, type ScalarTag } from 'yaml';
import { SourceError } from '../source-error.ts';
import type { RenderedDocument } from './render-source.ts';

// kubectl reads YAML 1.1: `defaultMode: 0644` is 420 and `yes` is true. Base-60 numbers it does not know.
const legacyOctal: ScalarTag = {
  identify: () => false,
  default: true,
  tag: 'tag:yaml.org,2002:int',
  test: /^[-+]?0[0-7]+$/,
  resolve: (text) => parseInt(text, 8),
};

const legacyBoolean: ScalarTag = {
  identify: () => false,
  default: true,
  tag: 'tag:yaml.org,2002:bool',
  test: /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/,
  resolve: (text) => /^(?:y|on)/i.test(text),
};

/** Every document that is not empty. YAML_INVALID names file, line and reason. */
export function yamlDocuments(text: string, file: string): RenderedDocument[] {
  const lineCounter = new LineCounter();
  const parsed = parseAllDocuments(text, {
    lineCounter,
    merge: true,
    schema: 'core',
    // The first tag that matches wins, so ours stand before those of the schema.
    customTags: (tags) => [legacyOctal, legacyBoolean, ...tags],
    // Doubled keys are an error in Kubernetes' own strict reading as well.
    uniqueKeys: true,
  });
  const documents = Array.isArray(parsed) ? parsed : [];
  return documents.flatMap((document) => {
    const value = valueOf(document, file, lineCounter);
    if (value === null || value === undefined) return [];
    return [{ value, origin: `${file}:${lineOf(document, lineCounter)}` }];
  });
}

function valueOf(document: Document.Parsed, file: string, lines: LineCounter): unknown {
  const [mistake] = document.errors;
  if (mistake) throw invalid(file, lines.linePos(mistake.pos[0]).line, mistake.message);
  try {
    return document.toJS({ maxAliasCount: 1_000 });
  } catch (error) {
    throw invalid(file, lineOf(document, lines), error instanceof Error ? error.message : String(error));
  }
}

const lineOf = (document: Document.Parsed, lines: LineCounter) =>
  lines.linePos(document.contents?.range[0] ?? 0).line;

function invalid(file: string, line: number, message: string): SourceError {
  const reason = message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? message;
  return new SourceError('YAML_INVALID', `${file}:${line} is not valid YAML: ${reason}`);
}
