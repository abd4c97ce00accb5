import { describe, expect, it } from 'vitest';
import { DEFAULT_SCENARIO } from '../../src/rehearsal/default-scenario.ts';
import type { Rehearsal } from '../../src/rehearsal/rehearse.ts';
import { read } from '../architecture/source.ts';
import { DEFAULT_CLOCKS, rehearsed, told, verdicts } from './rehearsed.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
/** A month, and a marketplace that forgets it: what is left is our own clock. */
const FORGOTTEN = { buy: { periodType: 'month' }, steps: [{ do: 'pause-platform' }, { afterEnd: '120d', do: 'release' }] };

/** When the own clock acted, after the end of the month, ms; and that it never acted early. */
function afterEnd({ clockActs, last }: Rehearsal): Record<string, number> {
  const end = Number(last.state?.desired.expireAt);
  expect(clockActs.filter(({ due, at }) => due === null || at < due)).toEqual([]);
  return Object.fromEntries(clockActs.map(({ clock, due }) => [clock, Number(due) - end]));
}

describe('the rehearsal without a scenario', () => {
  it('plays a whole subscription, and every invariant that it can look at holds', { timeout: 180_000 }, async () => {
    const rehearsal = await rehearsed({ scenario: DEFAULT_SCENARIO });
    expect(rehearsal.failures).toEqual([]);
    expect(verdicts(rehearsal)).toEqual({ 1: 'held', 2: 'held', 3: 'held', 4: 'held', 5: 'held', 6: 'not-applicable', 7: 'not-applicable', 8: 'held', 9: 'held', 10: 'held' });
    expect(rehearsal.ok).toBe(true);
    const lines = told(rehearsal).filter((line) => !line.startsWith('scenario') && !line.includes('(test)'));
    expect(lines).toEqual([
      'buyer newInstance 000004',
      'engine order done',
      'engine provision done',
      'platform queryInstance 000000',
      'platform ready',
      'buyer upgradeInstance 000000',
      'engine order done',
      'engine change done',
      'market FREEZE 000000',
      'engine suspend done',
      'engine notify violation-freeze done',
      'market UNFREEZE 000000',
      'engine resume done',
      'buyer RENEWAL 000000',
      'buyer RENEWAL 000000',
      'buyer UNSUBSCRIBE_RENEWAL_PERIOD 000000',
      'buyer UNSUBSCRIBE_RENEWAL_PERIOD 000000',
      'engine warn own clock',
      'engine notify expiry-warning done',
      'platform FREEZE 000000',
      'engine suspend done',
      'buyer RENEWAL 000000',
      'platform UNFREEZE 000000',
      'engine resume done',
      'buyer queryInstance 000000',
      'engine warn own clock',
      'engine notify expiry-warning done',
      'engine grace over: freeze own clock',
      'engine suspend done',
      'engine notify clock-freeze done',
      'engine retention over: hold own clock',
      'engine notify retention-over done',
      'market releaseInstance 000000',
      'engine keep over: remove own clock',
      'engine remove done',
    ]);
    expect(rehearsal.last).toMatchObject({ phase: 'released', tenant: 'absent' });
  });
});

describe('other clocks', () => {
  it('move their own lines to the millisecond, and no others', { timeout: 180_000 }, async () => {
    const usual = afterEnd(await rehearsed({ story: FORGOTTEN }));
    const other = afterEnd(await rehearsed({ story: FORGOTTEN, clocks: { warn: 3 * DAY, graceEstimated: 40 * DAY + 6 * HOUR } }));
    const { warn, 'grace over: freeze': freeze } = usual;
    expect([warn, freeze]).toEqual([-DEFAULT_CLOCKS.warn, DEFAULT_CLOCKS.graceEstimated]);
    expect([other['warn'], other['grace over: freeze']]).toEqual([-3 * DAY, 40 * DAY + 6 * HOUR]);
    expect(Object.keys(other)).toEqual(Object.keys(usual));
    // Counted from when access had really ended, so after both freezes alike: within what the engine took for them.
    const held = (acts: Record<string, number>): number => Number(acts['retention over: hold']) - Number(acts['grace over: freeze']);
    expect(Math.floor(held(usual) / HOUR)).toBe(15 * 24);
    expect(Math.floor(held(other) / HOUR)).toBe(15 * 24);
  });

  it('of one product are taken from its row: tell instead of freeze', { timeout: 120_000 }, async () => {
    const clocks = { ...DEFAULT_CLOCKS, onExpiry: 'tell' as const, graceEstimated: 2 * DAY };
    const products = [{ productId: 'team-month', skuCode: 'team', provisioner: { kind: 'postgres-tenant' as const, options: { adminUrl: 'postgres://nobody@localhost:1/none' } }, plan: {}, clocks }];
    const rehearsal = await rehearsed({ story: { ...FORGOTTEN, steps: [{ do: 'pause-platform' }, { afterEnd: '10d', do: 'look', expect: { phase: 'active', tenant: 'open', needsPerson: ['expiry-passed'] } }], until: '60d' }, rehearsed: { products, clocks: DEFAULT_CLOCKS } });
    expect(rehearsal).toMatchObject({ ok: true, skuCode: 'team', productId: 'team-month', failures: [] });
    expect(afterEnd(rehearsal)).toEqual({ warn: -7 * DAY, 'grace over: tell': 2 * DAY });
  });

  it('release by themselves where they are told to', { timeout: 120_000 }, async () => {
    const rehearsal = await rehearsed({ story: { buy: { periodType: 'month' }, steps: [{ do: 'pause-platform' }] }, clocks: { onRetention: 'release', graceEstimated: DAY, retention: DAY, keep: DAY } });
    expect(rehearsal.ok).toBe(true);
    expect(rehearsal.clockActs.map(({ clock }) => clock)).toEqual(['warn', 'grace over: freeze', 'retention over: release', 'keep over: remove']);
    expect(rehearsal.last).toMatchObject({ phase: 'released', tenant: 'absent' });
    expect(verdicts(rehearsal)).toMatchObject({ 3: 'held', 4: 'held', 9: 'held' });
  });
});

describe('what is not as it must be', () => {
  it('fails the rehearsal when an expectation does not hold, and when a step never comes', { timeout: 120_000 }, async () => {
    const rehearsal = await rehearsed({
      story: {
        buy: { periodType: 'month' },
        steps: [{ after: '1d', do: 'renew', expect: { phase: 'frozen', answer: '000003' } }, { do: 'to-formal' }, { once: 'failed', do: 'look' }],
        until: '3d',
        expect: { tenant: 'absent' },
      },
    });
    expect(rehearsal.ok).toBe(false);
    expect(rehearsal.failures.map(({ path, text }) => `${path}: ${text}`)).toEqual([
      'steps[0]: the phase is active, want frozen',
      'steps[0]: the answer is 000000, want 000003',
      expect.stringMatching(/^steps\[1\]: to-formal cannot be done: order \S+ is no trial$/),
      'steps[2]: look never came: the instance was not failed',
      'expect: the tenant is open, want absent',
    ]);
    expect(rehearsal.invariants.some(({ verdict }) => verdict === 'broken')).toBe(false);
  });

  it('shows a provisioner that fails, until a person is needed', { timeout: 180_000 }, async () => {
    // The story that the reference tells.
    const [, story = ''] = /```json\n([\s\S]*?)```/.exec(read('docs/reference/rehearsal-scenarios.md')) ?? [];
    const rehearsal = await rehearsed({ story: JSON.parse(story) });
    expect(rehearsal.failures).toEqual([]);
    expect(rehearsal.lines.filter(({ what, result }) => what === 'suspend' && result === 'failed')).not.toEqual([]);
    expect(verdicts(rehearsal)).toMatchObject({ 3: 'held', 8: 'held' });
  });

  it('ends an order that cannot be built within the create window, and says when', { timeout: 300_000 }, async () => {
    const rehearsal = await rehearsed({ story: { buy: { periodType: 'month' }, broken: ['create'], steps: [{ do: 'pause-platform' }, { at: '1h', do: 'look', expect: { phase: 'creating', tenant: 'absent' } }], until: '2h' }, clocks: { createWindow: 90 * 60_000 } });
    expect(rehearsal.failures).toEqual([]);
    expect(rehearsal.ok).toBe(true);
    const [window] = rehearsal.clockActs;
    expect(window).toMatchObject({ clock: 'create window over', due: Number(rehearsal.last.state?.desired.askedAt) + 90 * 60_000 });
    expect(rehearsal.last.needsPerson).toEqual(['create-window-over']);
    expect(verdicts(rehearsal)).toMatchObject({ 2: 'held', 3: 'not-applicable', 4: 'not-applicable', 9: 'held' });
  });

  it('shows that a tenant is open although its provisioner says that it is suspended', { timeout: 120_000 }, async () => {
    const rehearsal = await rehearsed({
      story: { buy: { periodType: 'month' }, steps: [{ after: '1d', do: 'violate' }], until: '25h' },
      provisioner: (tenants) => ({ ...tenants, suspend: () => Promise.resolve() }),
    });
    expect(rehearsal.failures).toEqual([]);
    expect(verdicts(rehearsal)).toMatchObject({ 3: 'broken', 8: 'held' });
    expect(rehearsal.invariants.find(({ id }) => id === 3)?.notes[0]).toBe('the tenant is open although the instance is frozen, day 1.0');
    expect(rehearsal.ok).toBe(false);
  });

  it('shows that data are gone which nobody had removed', { timeout: 120_000 }, async () => {
    const rehearsal = await rehearsed({
      story: { buy: { periodType: 'month' }, steps: [{ after: '1d', do: 'violate' }], until: '3d' },
      provisioner: (tenants) => ({ ...tenants, suspend: (id, options) => tenants.remove(id, options) }),
    });
    expect(verdicts(rehearsal)).toMatchObject({ 4: 'broken' });
    expect(rehearsal.ok).toBe(false);
  });
});
