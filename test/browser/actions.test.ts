import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACTIONS, type ActionName } from '../../src/simulator/control/actions.ts';
import type { Purchase } from '../../src/simulator/actions/create.ts';
import type { Order } from '../../src/simulator/books.ts';
import { MINUTE, platformOf } from '../simulator/platform-time.ts';
import { STANDARD } from '../simulator/stage.ts';
import { startChromium } from '../support/chromium.ts';
import { card, isLive, openPage, press, refusing, unfold, visit, type PageStage } from './stage.ts';

describe('the page of the market', { timeout: 120_000 }, () => {
  let browser: Browser;
  let page: Page;
  let stage: PageStage;
  let complaints: string[];

  beforeAll(async () => {
    browser = await startChromium();
  }, 20 * MINUTE);
  afterAll(() => browser.close());
  beforeEach(async () => {
    stage = await openPage({ at: Date.now() });
    page = await browser.newPage();
    complaints = [];
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    page.on('pageerror', (error) => complaints.push(error.message));
    await visit(page, stage);
  });
  afterEach(async () => {
    // The market first: its end must not wait for a page that is open.
    await stage.close();
    await page.close();
  });

  const last = () => stage.seller.received.at(-1);
  const rows = (order: Pick<Order, 'orderId'>): Promise<string[]> => card(page, order).locator('li.call .verb').allTextContents();
  /** Instances that the seller has ready at once. */
  async function bought(differing: Partial<Purchase> = {}): Promise<Order> {
    refusing(stage.seller, () => false, '', '');
    const { order } = await stage.market.buy({ ...STANDARD, ...differing });
    stage.clock.at += MINUTE;
    await platformOf(stage.market).runDue();
    await card(page, order).locator('.chip.active').waitFor();
    return order;
  }

  it('buys by the form, and shows the order and its calls as they happen', async () => {
    const form = page.locator('#buy form');
    await form.getByLabel('SKU code').fill('sku-gold');
    await form.getByLabel('Size').fill('12');
    expect(await press(page.locator('#buy'), 'buy')).toMatch(/^newInstance 000004 in 0 ms: ok$/);
    const life = page.locator('.life');
    expect(await life.locator('h3').textContent()).toMatch(/sku-gold × 12/);
    expect(await life.locator('li.call').textContent()).toMatch(/newInstance 创建实例[\s\S]*000004[\s\S]*ok/);
    for (let polls = 0; polls < 2; polls += 1) {
      stage.clock.at += MINUTE;
      await platformOf(stage.market).runDue();
    }
    await life.locator('.chip.active').waitFor();
    expect(await life.locator('li.call .verb').allTextContents()).toEqual(['newInstance 创建实例', 'queryInstance 查询实例信息', 'queryInstance 查询实例信息']);
    expect(await life.locator('li.event').textContent()).toContain('ready');
    expect(complaints).toEqual([]);
  });

  const PLAYED: { readonly [A in ActionName]: { readonly of: 'market' | 'purchase' | 'metered' | 'owing' | 'trial' | 'renewal'; readonly calls: object | null; readonly fill?: Readonly<Record<string, string>> } } = {
    buy: { of: 'market', calls: { activity: 'newInstance' } },
    renew: { of: 'purchase', calls: { activity: 'refreshInstance', scene: 'RENEWAL' }, fill: { 'How many periods': '2' } },
    'renew-change': { of: 'purchase', calls: { activity: 'refreshInstance', scene: 'RENEWAL_CHANGE' }, fill: { 'Size (linearValue)': '30' } },
    'to-formal': { of: 'trial', calls: { activity: 'refreshInstance', scene: 'TRIAL_TO_FORMAL' } },
    refund: { of: 'renewal', calls: { activity: 'refreshInstance', scene: 'UNSUBSCRIBE_RENEWAL_PERIOD' } },
    upgrade: { of: 'purchase', calls: { activity: 'upgradeInstance' }, fill: { 'Size (linearValue)': '30' } },
    unsubscribe: { of: 'purchase', calls: { activity: 'releaseInstance' } },
    expire: { of: 'purchase', calls: { activity: 'updateInstanceStatus', status: 'FREEZE' } },
    violate: { of: 'purchase', calls: { activity: 'updateInstanceStatus', status: 'FREEZE' } },
    lift: { of: 'purchase', calls: { activity: 'updateInstanceStatus', status: 'UNFREEZE' } },
    release: { of: 'purchase', calls: { activity: 'releaseInstance' } },
    arrears: { of: 'metered', calls: null },
    pay: { of: 'owing', calls: null },
    open: { of: 'purchase', calls: { activity: 'queryInstance' } },
    restart: { of: 'purchase', calls: { activity: 'newInstance' } },
    probe: { of: 'market', calls: { testFlag: '1' } },
    sell: { of: 'market', calls: null },
  };

  it.each(Object.keys(ACTIONS) as ActionName[])('has a button for %s that does it', async (name) => {
    const { of, calls, fill = {} } = PLAYED[name];
    let scope: Locator = page.locator('section.side');
    if (of !== 'market') {
      const order = await bought(of === 'trial' ? { trial: true } : of === 'metered' || of === 'owing' ? { chargingMode: 'ON_DEMAND' } : {});
      if (of === 'owing') await stage.market.arrears(order);
      if (of === 'renewal') await stage.market.renew(order);
      scope = card(page, order);
    }
    const before = stage.seller.received.length;
    const form = scope.locator(`[data-action=${name}]`).first();
    for (const [label, value] of Object.entries(fill)) {
      const field = form.locator('xpath=ancestor::form').getByLabel(label);
      await unfold(field);
      await field.fill(value);
    }
    expect(await press(scope, name)).toMatch(calls === null ? /^done$/ : / 00000[04] in /);
    expect(stage.seller.received.slice(before).map(({ members }) => members)).toEqual(calls === null ? [] : expect.arrayContaining([expect.objectContaining(calls)]));
    expect(complaints).toEqual([]);
  });

  it('sends overrides along, and says why an action was refused', async () => {
    const order = await bought();
    const form = card(page, order).locator('form.action').filter({ has: page.locator('[data-action=violate]') });
    await unfold(form.getByLabel('Set, a line each'));
    await form.getByLabel('Set, a line each').fill('status=STOP\nextra:=[1]');
    await press(card(page, order), 'violate');
    expect(last()?.members).toMatchObject({ status: 'STOP', extra: [1] });
    await form.getByLabel('Set, a line each').fill('nonsense');
    expect(await press(card(page, order), 'violate')).toBe('give name=value, for example linearValue=20');
  });

  it('makes trouble, shows it, and ends it', async () => {
    const form = page.locator('#trouble-form');
    await unfold(form);
    await form.getByLabel('duplicate').fill('1');
    await form.getByRole('button', { name: 'Make this trouble' }).click();
    await page.getByText('Trouble on purpose: duplicate 1 (seed 1)').waitFor();
    await press(page.locator('#buy'), 'buy');
    expect(stage.seller.received).toHaveLength(2);
    await form.getByRole('button', { name: 'End all trouble' }).click();
    await page.locator('.on-purpose').waitFor({ state: 'detached' });
  });

  it('opens a call, and sends its edited body signed afresh', async () => {
    const order = await bought();
    const row = card(page, order).locator('li.call').first();
    await row.locator('> details > summary').click();
    await row.getByLabel('Answer body').waitFor();
    expect(await row.getByLabel('Request body').textContent()).toContain('"activity": "newInstance"');
    await row.getByText('Edit and resend').click();
    const body = row.getByRole('textbox');
    const [first] = stage.seller.received;
    expect(await body.inputValue()).toBe(first?.raw);
    const edited = (first?.raw ?? '').replace('"newInstance"', '"newInstance", "extra" : 12345678901234567890');
    await body.fill(edited);
    stage.clock.at += 5_000;
    await row.getByRole('button', { name: 'Resend' }).click();
    await card(page, order).getByText('call 1 edited').waitFor();
    expect(last()).toMatchObject({ raw: edited, signed: true });
    expect(last()?.query.get('timestamp')).toBe(String(stage.clock.at));
    expect(last()?.query.get('nonce')).not.toBe(first?.query.get('nonce'));
    expect(await row.locator('output').textContent()).toMatch(/^call 3: newInstance 000004/);
  });

  it('shows what comes from outside as text, whatever it holds', async () => {
    const evil = '"><script>window.pwned=1</script><img src=x onerror="window.pwned=2">';
    refusing(stage.seller, () => true, evil, evil);
    const { order } = await stage.market.buy({ ...STANDARD, skuCode: evil });
    await card(page, order).getByText(evil).first().waitFor();
    await card(page, order).locator('li.call summary').click();
    await card(page, order).getByLabel('Answer body').waitFor();
    expect(await card(page, order).getByLabel('Answer body').textContent()).toContain('<script>window.pwned=1</script>');
    expect(await page.locator('#lives script, #lives img').count()).toBe(0);
    expect(await page.evaluate('window.pwned ?? null')).toBeNull();
    await page.reload();
    await isLive(page);
    expect(await page.evaluate('window.pwned ?? null')).toBeNull();
    expect(complaints).toEqual([]);
  });

  it('keeps what a person types and has opened when something happens', async () => {
    const order = await bought();
    const row = page.locator('#c-2');
    await row.locator('> details > summary').click();
    await row.getByText('Edit and resend').click();
    const body = row.getByRole('textbox');
    await body.fill('{"activity":"half');
    await body.press('ArrowLeft');
    await page.locator('#buy').getByLabel('SKU code').fill('sku-half');
    await body.focus();
    // Two more of the same fold the one that is being edited away, an order comes above it, and a freeze changes the card.
    const { instanceId } = await stage.market.asset(order);
    await stage.market.poll(instanceId ?? '');
    await stage.market.poll(instanceId ?? '');
    const { order: other } = await stage.market.buy(STANDARD);
    await stage.market.freeze(instanceId ?? '', 'violation');
    await card(page, other).waitFor();
    await card(page, order).locator('.chip.frozen').waitFor();
    await card(page, order).locator('li.fold #c-2').waitFor();
    expect(await body.isVisible()).toBe(true);
    expect(await body.inputValue()).toBe('{"activity":"half');
    expect(await page.locator('#buy').getByLabel('SKU code').inputValue()).toBe('sku-half');
    expect(await page.evaluate('document.activeElement.name + document.activeElement.selectionStart')).toBe('body16');
    await page.keyboard.type('!');
    expect(await body.inputValue()).toBe('{"activity":"hal!f');
    expect(await rows(other)).toEqual(['newInstance 创建实例']);
  });
});
