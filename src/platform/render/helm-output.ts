// Reads what `helm template` prints: before each document stands the template that it came from.
import type { RenderedDocument } from './render-source.ts';
import { yamlDocuments } from './yaml-documents.ts';

/** The documents with their templates as origin: `chart/templates/web.yaml`, or the command where helm names none. */
export function helmDocuments(output: string, what: string, chart: string): RenderedDocument[] {
  return output.split(/^---\s*$/m).flatMap((part) => {
    // Helm names `CHART/templates/x.yaml`, with the chart's own name first.
    const template = /^# Source: [^/\n]+\/(.+)$/m.exec(part)?.[1];
    const origin = template === undefined ? what : `${chart}/${template}`;
    return yamlDocuments(part, origin).map(({ value }) => ({ value, origin }));
  });
}
