// Binds the Git adapter to the configuration.
import path from 'node:path';
import { Module } from '@nestjs/common';
import { Config } from '../config/config.ts';
import { readMachine } from '../config/settings.ts';
import { GitMirrors } from './git-mirrors.ts';
import { gitDefaults, GitSettings } from './git-settings.ts';

@Module({
  providers: [
    {
      provide: GitSettings,
      inject: [Config],
      useFactory: (config: Config): GitSettings => ({
        ...gitDefaults,
        folder: path.join(config.dataDir, 'git'),
        machine: readMachine().machine,
        allowedAddresses: config.allowedAddresses,
        maxRepositoryBytes: config.gitMaxBytes,
      }),
    },
    GitMirrors,
  ],
  exports: [GitMirrors],
})
export class GitModule {}
