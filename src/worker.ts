// The worker's process: the same hub in the role that runs jobs and relays notices.
import { runHub } from './run-hub.ts';

await runHub('worker');
