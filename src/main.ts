// The hub's process: API, jobs, or both, as FAIRLEAD_ROLE says.
import { runHub } from './run-hub.ts';

await runHub();
