// Binds the render adapter to the configuration.
import path from 'node:path';
import { Module } from '@nestjs/common';
import { Config } from '../config/config.ts';
import { readMachine } from '../config/settings.ts';
import { renderDefaults, RenderSettings } from './render-settings.ts';
import { RendererPrograms } from './renderer-programs.ts';
import { SourceRenderer } from './source-renderer.ts';

@Module({
  providers: [
    {
      provide: RenderSettings,
      inject: [Config],
      useFactory: ({ kustomize, helm }: Config): RenderSettings => {
        const { machine, toolCache } = readMachine();
        const searchPath = (machine['PATH'] ?? '').split(path.delimiter);
        return { ...renderDefaults, kustomize, helm, searchPath, toolCache };
      },
    },
    RendererPrograms,
    SourceRenderer,
  ],
  exports: [SourceRenderer],
})
export class RenderModule {}
