import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY, HOUR, liveUntil, MINUTE } from '../simulator/platform-time.ts';
import { startChromium } from '../support/chromium.ts';
import { smallerPng } from './smaller-png.ts';
import { openPage, refusing } from './stage.ts';

// Makes docs/pictures/market-page.png: `node test/browser/picture.ts [folder]`. Given a folder, it writes the narrow and the dark one there too.
const folder = join(import.meta.dirname, '../../docs/pictures');
const [, , extra] = process.argv;

const clock = { at: Date.now() - 9 * DAY };
// Answers take a while, as they do.
let read = 0;
const now = (): number => (clock.at += 3 + (read++ * 7) % 11);
const browser = await startChromium();
const stage = await openPage(clock, { now });
const { market, seller } = stage;
const end = Date.now();

async function later(ms: number): Promise<void> {
  await liveUntil(market, clock, Math.min(end, clock.at + ms));
}

/** A week of a seller's life, ending now. */
async function play(): Promise<void> {
  refusing(seller, () => false, '', '');
  await market.probe('queryInstance', { instanceId: 'probe' });
  await market.probe('releaseInstance');
  refusing(seller, ({ members }) => members['activity'] === 'newInstance', '000005', 'database is down');
  await market.buy({ skuCode: 'sku-solo', productId: 'OFFI1' });
  await later(DAY);
  refusing(seller, () => false, '', '');
  const trial = await market.buy({ skuCode: 'sku-solo', productId: 'OFFI1', trial: true });
  await later(DAY);
  await market.toFormal(trial.order);
  await later(end - clock.at - 2 * DAY - 2 * HOUR);
  refusing(seller, ({ members }) => members['testFlag'] === '1' && members['activity'] === 'queryInstance', '000005', 'no such instance');
  await later(end - clock.at - 5 * HOUR);
  const violated = await market.buy({ skuCode: 'sku-team', productId: 'OFFI1', linearValue: 25 });
  await later(50 * MINUTE);
  await market.freeze((await market.asset(violated.order)).instanceId ?? '', 'violation');
  await later(3 * HOUR);
  const stuck = await market.buy({ skuCode: 'sku-team', productId: 'OFFI1', linearValue: 10, periodType: 'year' });
  await later(6 * MINUTE);
  await market.upgrade(stuck.order, { linearValue: 20 });
  refusing(seller, ({ members }) => members['activity'] === 'refreshInstance' || members['testFlag'] === '1', '000005', 'billing is not reachable');
  await later(MINUTE);
  await market.renew(stuck.order);
  await later(end - clock.at);
}

try {
  await play();
  for (const [name, options] of [
    ['market-page', {}],
    ...(extra === undefined ? [] : ([['dark', { colorScheme: 'dark' }], ['phone', { viewport: { width: 360, height: 1600 } }]] as const)),
  ] as const) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
    await page.goto(stage.url);
    await page.locator('#live[data-state=live]').waitFor();
    const path = join(name === 'market-page' ? folder : (extra ?? folder), `${name}.png`);
    writeFileSync(path, smallerPng(await page.screenshot()));
    process.stdout.write(`${path} ${Math.round(statSync(path).size / 1024)} kB\n`);
    await page.close();
  }
} finally {
  await browser.close();
  await stage.close();
}
