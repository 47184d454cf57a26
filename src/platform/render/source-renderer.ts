// The door to rendering: first the closure, whose digest says whether anything changed, then the objects.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Injectable } from '@nestjs/common';
import { AtMost } from '../at-most.ts';
import { closureFiles, detectRenderer, valueFilePath } from './closure-files.ts';
import { helmDocuments } from './helm-output.ts';
import { normalPath } from './look-up.ts';
import { withCheckout } from './materialise.ts';
import { RenderSettings } from './render-settings.ts';
import type { Closure, RenderedDocument, RenderSource } from './render-source.ts';
import { RendererPrograms } from './renderer-programs.ts';
import { runProgram } from './run-program.ts';
import type { SourceTree } from './source-tree.ts';
import { yamlDocuments } from './yaml-documents.ts';

// Renders are child processes; more at once would only make each slower.
const PROGRAMS_AT_ONCE = 2;

/** Faults of the source are `SourceError`s. */
@Injectable()
export class SourceRenderer {
  private readonly settings: RenderSettings;
  private readonly programs: RendererPrograms;
  private readonly turns = new AtMost(PROGRAMS_AT_ONCE);

  constructor(settings: RenderSettings, programs: RendererPrograms) {
    this.settings = settings;
    this.programs = programs;
  }

  /** What a render of this source would read, without rendering it. */
  async closure(tree: SourceTree, source: RenderSource): Promise<Closure> {
    const renderer = await detectRenderer(tree, source);
    const files = await closureFiles(tree, source, renderer);
    const rendererVersion = await this.versionOf(renderer);
    const helm = renderer === 'HELM' ? source.helm : null;
    const read = JSON.stringify([renderer, rendererVersion, normalPath(source.path), helm, files]);
    return { renderer, rendererVersion, files, digest: createHash('sha256').update(read).digest('hex') };
  }

  /** Renders the closure of this very source and tree. */
  async render(tree: SourceTree, source: RenderSource, closure: Closure): Promise<RenderedDocument[]> {
    switch (closure.renderer) {
      case 'PLAIN':
        return plainDocuments(tree, closure);
      case 'KUSTOMIZE':
        return withCheckout(tree, closure.files, (folder) => this.kustomize(source, folder));
      case 'HELM':
        return withCheckout(tree, closure.files, (folder) => this.helm(source, folder));
    }
  }

  private async versionOf(renderer: Closure['renderer']): Promise<string> {
    switch (renderer) {
      case 'PLAIN':
        return 'builtin';
      case 'KUSTOMIZE':
        return `kustomize ${(await this.programs.find('kustomize')).version}`;
      case 'HELM':
        return `helm ${(await this.programs.find('helm')).version}`;
    }
  }

  private async kustomize(source: RenderSource, folder: string): Promise<RenderedDocument[]> {
    const program = await this.programs.find('kustomize');
    const target = normalPath(source.path) || '.';
    const what = `kustomize build ${target}`;
    const output = await this.run(program.path, ['build', '--', target], folder, what);
    return yamlDocuments(output, what);
  }

  private async helm(source: RenderSource, folder: string): Promise<RenderedDocument[]> {
    const program = await this.programs.find('helm');
    const { releaseName, namespace, valueFiles, values } = source.helm;
    const own = path.join(folder, 'home', 'values.json');
    await writeFile(own, JSON.stringify(values ?? {}));
    const chart = normalPath(source.path) || '.';
    const files = valueFiles.map((file) => normalPath(valueFilePath(source, file)) ?? file);
    // `--values=`: a comma in a file name would otherwise be read as a list.
    const valueFlags = [...files, own].map((file) => `--values=${csvField(file)}`);
    const flags = ['--skip-tests', '--include-crds', '--namespace', namespace, ...valueFlags];
    const args = ['template', ...flags, '--', releaseName, `./${chart}`];
    const what = `helm template ${chart}`;
    return helmDocuments(await this.run(program.path, args, folder, what), what, source.path);
  }

  private run(program: string, args: readonly string[], folder: string, what: string): Promise<string> {
    const { timeoutMs, maxOutputBytes } = this.settings;
    return this.turns.run(() => runProgram({ program, args, folder, what, timeoutMs, maxOutputBytes }));
  }
}

// Helm reads the flag as one line of CSV.
const csvField = (text: string) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

async function plainDocuments(tree: SourceTree, closure: Closure): Promise<RenderedDocument[]> {
  const documents: RenderedDocument[] = [];
  for (const file of closure.files) {
    documents.push(...yamlDocuments((await tree.file(file.id)).toString(), file.path));
  }
  return documents;
}
