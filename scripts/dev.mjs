// npm run dev: the hub, built again and started again whenever its sources change.
import { spawn } from 'node:child_process';
import { inRoot, node, taskEnvironment } from './setup/paths.mjs';

const environment = taskEnvironment();
const start = (program, args) => spawn(program, args, { cwd: inRoot(), env: environment, stdio: 'inherit' });

const children = [
  start(node, [
    inRoot('node_modules/ts7/bin/tsc'),
    '-p',
    inRoot('tsconfig.build.json'),
    '--watch',
    '--preserveWatchOutput',
  ]),
  start(node, [
    '--watch-path',
    inRoot('dist'),
    '--watch-preserve-output',
    inRoot('dist/main.js'),
    ...process.argv.slice(2),
  ]),
];

const endAll = () => children.forEach((child) => child.kill('SIGTERM'));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, endAll);
for (const child of children) child.on('exit', endAll);
