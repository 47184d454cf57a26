// The program that cleans up after its parent, however that ends (kill -9 included): its standard input closes
// with the parent, and then it kills what the parent had started and removes the parent's work folder.
// Arguments: the work folder. Input lines: "+PID" for a process group that runs, "-PID" for one that has ended.
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { killGroup } from './kill-group.ts';

const folder = process.argv[2];
const running = new Set<number>();

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const pid = Number(line.slice(1));
    if (line.startsWith('+')) running.add(pid);
    else running.delete(pid);
  })
  .on('close', () => {
    for (const pid of running) killGroup(pid);
    // A process that is still dying may write one more file; retrying takes that too.
    if (folder !== undefined)
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  });
