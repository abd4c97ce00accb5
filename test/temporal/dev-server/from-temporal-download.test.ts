import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fetchFromTemporalDownload } from '../../../src/temporal/dev-server/from-temporal-download.ts';
import type { Host } from '../../../src/temporal/dev-server/host.ts';
import { cliScript, emptyMachine, smallWheel } from './hosts.ts';

let machine: ReturnType<typeof emptyMachine>;
let site: Server;
let asked: string[];
let info: object;

beforeEach(async () => {
  machine = emptyMachine();
  asked = [];
  info = { archiveUrl: 'https://temporal.download/archive.tar.gz', fileToExtract: 'temporal' };
  // The archive is packed by the system's tar, with files before and after the one we want.
  const content = join(machine.root, 'content');
  machine.write(join(content, 'LICENSE'), 'x'.repeat(700));
  machine.write(join(content, 'temporal'), cliScript());
  machine.write(join(content, 'notes'), 'y');
  execFileSync('tar', ['-czf', join(machine.root, 'archive.tar.gz'), '-C', content, './LICENSE', './temporal', './notes']);
  site = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url?.startsWith('/cli/')) response.end(JSON.stringify(info));
    else if (request.url === '/archive.tar.gz') response.end(readFileSync(join(machine.root, 'archive.tar.gz')));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await new Promise((resolve) => {
    site.close(resolve);
    site.closeAllConnections();
  });
  machine.remove();
});

/** The public site's addresses, answered by the local one. */
const hostWithSite = (): Host => {
  const address = site.address();
  if (address === null || typeof address === 'string') throw new Error('the site is not listening');
  return machine.host({}, { fetch: (url, init) => fetch(url.replace('https://temporal.download', `http://127.0.0.1:${address.port}`), init) });
};

test('asks for the pinned version as the SDK does and takes the named file out of the archive', async () => {
  const executable = await fetchFromTemporalDownload(hostWithSite(), smallWheel().release);
  expect(new TextDecoder().decode(executable)).toBe(cliScript());
  expect(asked).toEqual(['/cli/v1.9.1?arch=amd64&platform=linux&format=tar.gz', '/archive.tar.gz']);
});

test('refuses an executable with another hash', async () => {
  await expect(fetchFromTemporalDownload(hostWithSite(), smallWheel(cliScript('6.6.6')).release)).rejects.toThrow('the executable is refused');
});

test('refuses an archive that would come without HTTPS', async () => {
  info = { archiveUrl: 'http://temporal.download/archive.tar.gz', fileToExtract: 'temporal' };
  await expect(fetchFromTemporalDownload(hostWithSite(), undefined)).rejects.toThrow('without an HTTPS archiveUrl');
  expect(asked).toHaveLength(1);
});

test('says which file an archive lacks', async () => {
  info = { ...info, fileToExtract: 'temporal.exe' };
  await expect(fetchFromTemporalDownload(hostWithSite(), undefined)).rejects.toThrow('holds no temporal.exe');
});

test('gives the HTTP status of a refusing site', async () => {
  info = { ...info, archiveUrl: 'https://temporal.download/gone' };
  await expect(fetchFromTemporalDownload(hostWithSite(), undefined)).rejects.toThrow('answered HTTP 404');
});
