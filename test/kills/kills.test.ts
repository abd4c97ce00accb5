import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { workflowIdOf } from '../../src/delivery/temporal-bell.ts';
import { sqliteTenant } from '../../src/provisioners/sqlite-tenant/sqlite-tenant.ts';
import { Call, MailboxCommand } from '../../src/store/entities.ts';
import { drive, type Driven } from './drive.ts';
import { endingOfStory } from './ledger.ts';
import { makePlan, PARTS } from './plan.ts';
import { asMarkdown } from './report.ts';
import { openScene, type Scene } from './scene.ts';

// The run at full size is `node test/kills/run.ts`; KOOKEEPER_SEED replays the plan of another seed here too.
const plan = makePlan({ seed: Number(process.env['KOOKEEPER_SEED'] ?? 20_261_122), lines: 40, seconds: 12, gap: 1.3, pause: 1_500 });

describe('API, worker and Temporal killed at random under load', () => {
  let scene: Scene;
  let driven: Driven;

  beforeAll(async () => {
    scene = await openScene(inject('workflowBundlePath'));
    driven = await drive(scene, plan, { patience: 120_000, settleLimit: 120_000, progress: () => undefined });
  }, 300_000);
  afterAll(() => scene.close(), 60_000);

  it('build every line once, lose none, double none, and all answers agree', { timeout: 60_000 }, async () => {
    const counted = await driven.count();
    // Its last line; a failure shows the whole of it.
    expect(asMarkdown(plan, driven, counted, scene.said)).toContain('\nEvery rule holds.');
    expect(counted.findings.filter(({ checked }) => checked === 0)).toEqual([]);
    expect(PARTS.filter((part) => driven.kills[part].killed === 0)).toEqual([]);
  });

  it('would be told of: a tenant built twice, a stray one, a lost workflow, an answer without its record, a command carried out twice', { timeout: 60_000 }, async () => {
    const [rebuilt, lost, doubled] = driven.stories.filter((story) => story.access !== null && endingOfStory(story) === 'usable');
    if (!rebuilt || !lost || !doubled) throw new Error('this plan leaves fewer than three usable lines');
    const options = { signal: AbortSignal.timeout(30_000) };
    const provisioner = sqliteTenant({ folder: scene.tenants, publicUrl: 'https://notes.example' });
    const settings = {};
    const bought = { skuCode: rebuilt.plan.sku, productId: 'notes', quantity: null, chargingMode: 'PERIOD', trial: false } as const;
    await provisioner.remove(rebuilt.instanceId, options);
    await provisioner.create({ instanceId: rebuilt.instanceId, plan: bought, settings, suspended: false }, options);
    await writeFile(join(scene.tenants, 'nobody.sqlite'), '');

    const link = await scene.connect();
    await link.client.workflow.getHandle(workflowIdOf(`${lost.order.orderId}/${lost.order.orderLineId}`)).terminate('a test');
    await link.close();

    const em = scene.store.em();
    const answered = driven.calls.find(({ resultCode, verb }) => verb === 'newInstance' && resultCode === '000004');
    await em.nativeDelete(Call, { nonce: answered?.query['nonce'] ?? '' });
    const [first, ...others] = await em.find(MailboxCommand, { instanceId: doubled.instanceId }, { orderBy: { seq: 'asc' } });
    if (!first) throw new Error('its mailbox is empty');
    await em.insert(MailboxCommand, { ...first, seq: others.length + 2 });

    const { findings } = await driven.count();
    const name = ({ orderId }: { orderId: string }): string => expect.stringContaining(orderId) as string;
    expect(findings.filter(({ broken }) => broken.length > 0).map(({ rule, broken }) => [rule, broken])).toEqual([
      [expect.stringContaining('has its record in the journal'), [expect.stringContaining(answered?.query['nonce'] ?? 'no call')]],
      [expect.stringContaining('in the mailbox at most once'), [name(doubled.order)]],
      [expect.stringContaining('every file in the folder'), ['nobody.sqlite: is left over']],
      [expect.stringContaining('the buyer’s note is in the tenant once'), [name(rebuilt.order)]],
      [expect.stringContaining('one workflow in one run'), [name(lost.order)]],
      [expect.stringContaining('the password given first opens'), [name(rebuilt.order)]],
    ]);
  });
});
