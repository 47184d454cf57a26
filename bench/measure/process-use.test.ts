import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { listProcesses, processUse } from './process-use.ts';

const busy =
  'const end = Date.now() + 300; while (Date.now() < end); console.log("done"); setInterval(() => {}, 1000)';

it.runIf(process.platform === 'linux')(
  'the use of a process counts its children, except the left out',
  async () => {
    const child = spawn(process.execPath, ['-e', busy], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const before = processUse(process.pid);
      await new Promise((resolve) => child.stdout.once('data', resolve));
      const pid = child.pid ?? 0;
      expect(processUse(pid).cpuSeconds).toBeGreaterThan(0);
      expect(processUse(process.pid).cpuSeconds - before.cpuSeconds).toBeGreaterThan(0);
      expect(processUse(process.pid, [pid]).rssBytes).toBeLessThan(processUse(process.pid).rssBytes);
      expect(listProcesses().find((entry) => entry.pid === pid)?.parent).toBe(process.pid);
    } finally {
      child.kill('SIGKILL');
    }
  },
);

it('the use of a process that is gone is nothing', () => {
  expect(processUse(2 ** 30)).toEqual({ cpuSeconds: 0, rssBytes: 0, pssBytes: 0 });
});
