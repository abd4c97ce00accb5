import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freePort, KEYS, noGo, startGo } from './child.ts';
import { ALL_PASSED, checkLive } from './market.ts';

it('the seller in Go passes every check, live ones too, and is left without an instance', { timeout: 300_000 }, async ({ skip }) => {
  const reason = noGo();
  if (reason !== null) skip(reason);
  const folder = mkdtempSync(join(tmpdir(), 'kookeeper-seller-go-'));
  try {
    const port = String(await freePort());
    const seller = await startGo({ ...KEYS, KOOGALLERY_OPEN_API: `http://127.0.0.1:${port}`, SELLER_MAKING: '0.2' }, folder);
    try {
      expect(await checkLive(seller.url, folder, port)).toMatchObject(ALL_PASSED);
    } finally {
      await seller.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
