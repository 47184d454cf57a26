// Finds kustomize and helm on this machine and knows their versions.
import { execFile } from 'node:child_process';
import { access, constants, readdir } from 'node:fs/promises';
import path from 'node:path';
import { Injectable } from '@nestjs/common';
import { SourceError } from '../source-error.ts';
import { RenderSettings } from './render-settings.ts';

/** A program that was found; its version is part of every closure's digest. */
export interface RendererProgram {
  readonly path: string;
  readonly version: string;
}

type ProgramName = 'kustomize' | 'helm';

const programs = {
  kustomize: {
    versionArgs: ['version'],
    majors: ['5'],
    variable: 'FAIRLEAD_KUSTOMIZE',
    needs: 'kustomize 5',
  },
  helm: {
    versionArgs: ['version', '--short'],
    majors: ['3', '4'],
    variable: 'FAIRLEAD_HELM',
    needs: 'helm 3 or 4',
  },
} as const;

/** Looks once for each program; one that is missing is looked for again, because it may be installed meanwhile. */
@Injectable()
export class RendererPrograms {
  private readonly found = new Map<ProgramName, RendererProgram>();
  private readonly settings: RenderSettings;

  constructor(settings: RenderSettings) {
    this.settings = settings;
  }

  /** RENDERER_MISSING says what to install or to set. */
  async find(name: ProgramName): Promise<RendererProgram> {
    const known = this.found.get(name);
    if (known) return known;
    for (const candidate of await this.candidates(name)) {
      const version = await versionOf(candidate, name);
      if (version === undefined) continue;
      const program = { path: candidate, version };
      this.found.set(name, program);
      return program;
    }
    throw this.missing(name);
  }

  private async candidates(name: ProgramName): Promise<string[]> {
    const named = this.settings[name];
    if (named !== undefined) return [path.resolve(named)];
    const { searchPath, toolCache } = this.settings;
    const suffix = `-${process.platform}-${process.arch}`;
    const cached = (await readdir(toolCache).catch(() => []))
      .filter((folder) => folder.startsWith(`${name}-v`) && folder.endsWith(suffix))
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
    const folders = [
      ...searchPath.filter((folder) => path.isAbsolute(folder)),
      ...cached.map((folder) => path.join(toolCache, folder)),
    ];
    return folders.map((folder) => path.join(folder, name));
  }

  private missing(name: ProgramName): SourceError {
    const { needs, variable } = programs[name];
    const named = this.settings[name];
    return new SourceError(
      'RENDERER_MISSING',
      named === undefined
        ? `This application needs ${needs}, which the hub's machine does not have: install it, or set ${variable} to it.`
        : `${variable} names ${named}, which is not ${needs}: correct it.`,
    );
  }
}

async function versionOf(program: string, name: ProgramName): Promise<string | undefined> {
  const { versionArgs, majors } = programs[name];
  const executable = await access(program, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!executable) return undefined;
  const output = await new Promise<string>((resolve) => {
    const options = { timeout: 10_000, maxBuffer: 64 * 1024, env: { HOME: '/nonexistent' } };
    execFile(program, [...versionArgs], options, (error, stdout) => resolve(error ? '' : stdout));
  });
  const [version, major = ''] = /v(\d+)\.\d+[\w.+-]*/.exec(output) ?? [];
  return (majors as readonly string[]).includes(major) ? version : undefined;
}
