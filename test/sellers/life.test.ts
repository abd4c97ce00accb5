import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { freePort, KEYS, startPython, startServe, type Seller, type Variables } from './child.ts';
import { ALL_PASSED, checkLive, startMarket, type MarketProcess } from './market.ts';
import { OLD, play, YOUNG } from './story.ts';
import { ownNamespace, type OwnNamespace } from '../support/own-namespace.ts';

const SELLERS: readonly (readonly [name: string, start: (env: Variables, folder: string, namespace: string) => Promise<Seller>])[] = [
  ['the seller in Python', (env, folder) => startPython({ SELLER_DATABASE: join(folder, 'seller.db'), SELLER_MAKING: '0.3', ...env })],
  [
    'kookeeper serve',
    (env, folder, namespace) =>
      startServe(
        {
          KOOKEEPER_SECRET: 'sellers-test-secret-0123456789abcdef',
          KOOKEEPER_DATA: join(folder, 'data'),
          KOOKEEPER_PUBLIC_URL: 'https://notes.example',
          KOOKEEPER_WORKFLOW_BUNDLE: inject('workflowBundlePath'),
          TEMPORAL_ADDRESS: inject('temporalAddress'),
          TEMPORAL_NAMESPACE: namespace,
          ...env,
        },
        folder,
      ),
  ],
];

describe.each(SELLERS)('%s', { timeout: 240_000 }, (_, start) => {
  let folder: string;
  let port: string;
  let own: OwnNamespace;
  let seller: Seller;
  let running: MarketProcess | null = null;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kookeeper-sellers-'));
    port = String(await freePort());
    own = await ownNamespace();
    seller = await start({ ...KEYS, KOOGALLERY_OPEN_API: `http://127.0.0.1:${port}` }, folder, own.namespace);
  }, 60_000);
  afterEach(async () => {
    await running?.stop();
    running = null;
  });
  afterAll(async () => {
    await seller.stop();
    await own.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function market(name: string, ...args: readonly string[]): Promise<MarketProcess> {
    running = await startMarket(folder, name, KEYS, '--seller', seller.url, '--port', port, ...args);
    return running;
  }

  it('passes every check, live ones too, and is left without an instance', async () => {
    expect(await checkLive(seller.url, folder, port)).toMatchObject(ALL_PASSED);
  });

  it('lives through a subscription that the market plays, its restart in the middle', async () => {
    // A hundred and fifty times as fast: polled every 0.4 s, and a month is longer than the test.
    const before = await market('life', '--speed', '150');
    const young = await play(before, YOUNG);
    expect(young.said).toEqual(YOUNG.map(({ calls }) => calls));
    expect((await before.stop()).code).toBe(0);

    const after = await market('life', '--speed', '150');
    const old = await play(after, OLD, young.order);
    expect(old.said).toEqual(OLD.map(({ calls }) => calls));
    const gauge = await after.run('gauge');
    expect(JSON.parse(gauge.out)).toMatchObject({ trading: 'on-sale', failedOrders: 0, failedProbeDays: 0 });
    expect((await after.calls()).filter(({ verdict, resultCode }) => !verdict.ok && resultCode !== '000005')).toEqual([]);
    // Nothing of what was released is told any more.
    const opened = await after.run('open', young.order);
    expect(JSON.parse(opened.out)).toMatchObject({ calls: [{ resultCode: '000003' }] });
  });

  it('is frozen and released by the platform itself when nobody renews', async () => {
    const slow = await market('short', '--speed', '150', '--level', 'V0');
    const { order } = await play(slow, [{ types: 'buy --trial', calls: [], until: /queryInstance +000000/ }]);
    await slow.stop();
    // A trial's formal period counts from now, so it is over 43 ms after it was bought.
    const fast = await market('short', '--speed', '2000000', '--level', 'V0');
    await fast.act('to-formal', order, '--period', 'day');
    await fast.until(/updateInstanceStatus FREEZE +000000[\s\S]*releaseInstance +000000 .* ok$/m);
    expect(JSON.parse((await fast.run('orders')).out)).toContainEqual(expect.objectContaining({ orderId: order, status: 'released' }));
  });
});
