// All kinds of change that the agent must find.
import { changesByCommands } from './changes-by-commands.ts';
import { changesByWriters } from './changes-by-writers.ts';
import { changesOfKinds } from './changes-of-kinds.ts';
import type { DriftChange } from './drift-change.ts';

export const driftChanges: readonly DriftChange[] = [
  ...changesByCommands,
  ...changesByWriters,
  ...changesOfKinds,
];
