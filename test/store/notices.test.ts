import { expect, it } from 'vitest';
import { claimNotice, listNotices, markSent, type NoticeKey } from '../../src/store/notices.ts';
import { onBoth } from './databases.ts';
import { NOW } from './samples.ts';

const EXPIRY = NOW + 7 * 86_400_000;
const KEY: NoticeKey = { instanceId: 'instance-1', kind: 'expiry-warning', instant: EXPIRY };

onBoth('a notice', (database) => {
  const claim = (changes: Partial<NoticeKey> = {}, now = NOW, detail = 'ends in a week') => claimNotice(database.em(), { ...KEY, ...changes, detail, now });
  const sent = (changes: Partial<NoticeKey> = {}, now = NOW) => markSent(database.em(), { ...KEY, ...changes }, now);

  it('is claimed by the first who comes, and is not told again once it was sent', async () => {
    expect(await claim()).toBe('claimed');
    await sent({}, NOW + 1);
    expect(await claim({}, NOW + 2)).toBe('sent');
    expect(await listNotices(database.em(), { limit: 9 })).toMatchObject([{ ...KEY, detail: 'ends in a week', claimedAt: NOW, sentAt: NOW + 1 }]);
  });

  it('is told again by whoever comes after an attempt that never ended, and keeps its first detail', async () => {
    expect(await claim()).toBe('claimed');
    expect(await claim({}, NOW + 1, 'other words')).toBe('claimed-before');
    expect(await claim({}, NOW + 2)).toBe('claimed-before');
    expect(await listNotices(database.em(), { limit: 9 })).toMatchObject([{ detail: 'ends in a week', claimedAt: NOW, sentAt: null }]);
  });

  it('of another instant, kind or instance is one of its own', async () => {
    await claim();
    await sent();
    for (const changes of [{ instant: EXPIRY + 1 }, { kind: 'clock-freeze' }, { instanceId: 'instance-2' }]) {
      expect(await claim(changes)).toBe('claimed');
      expect(await claim(changes)).toBe('claimed-before');
    }
    expect(await claim()).toBe('sent');
  });

  it('is seen as sent by an entity manager that read it before', async () => {
    const em = database.em();
    expect(await claimNotice(em, { ...KEY, detail: '', now: NOW })).toBe('claimed');
    expect(await listNotices(em, { limit: 1 })).toHaveLength(1);
    await sent();
    expect(await claimNotice(em, { ...KEY, detail: '', now: NOW })).toBe('sent');
  });

  it('keeps the instant at which it was first sent', async () => {
    await claim();
    await sent({}, NOW + 1);
    await sent({}, NOW + 2);
    expect(await listNotices(database.em(), { limit: 1 })).toMatchObject([{ sentAt: NOW + 1 }]);
  });

  it('is claimed by exactly one of many at once', async () => {
    const answers = await database.atOnce(12, (store) => claimNotice(store.em(), { ...KEY, detail: 'ends', now: NOW }));
    expect(answers.toSorted()).toEqual(['claimed', ...Array.from({ length: 11 }, () => 'claimed-before')]);
  });

  it('takes a detail of any length and any letters', async () => {
    expect(await claim({}, NOW, `\0\ud800${'云'.repeat(250)}🧡🧡`)).toBe('claimed');
    const [row] = await listNotices(database.em(), { limit: 1 });
    expect(row?.detail).toBe(`\ufffd\ufffd${'云'.repeat(250)}🧡\ufffd`);
  });
});

onBoth('the list of notices', (database) => {
  it('is newest first, of one instance or of all, no longer than asked for', async () => {
    for (const [index, instanceId] of ['a', 'b', 'a', 'b', 'a'].entries()) {
      await claimNotice(database.em(), { instanceId, kind: 'clock-freeze', instant: EXPIRY - index, detail: String(index), now: NOW + index });
    }
    const details = async (filter: Parameters<typeof listNotices>[1]) => (await listNotices(database.em(), filter)).map(({ detail }) => detail);
    expect(await details({ limit: 9 })).toEqual(['4', '3', '2', '1', '0']);
    expect(await details({ limit: 2 })).toEqual(['4', '3']);
    expect(await details({ instanceId: 'a', limit: 9 })).toEqual(['4', '2', '0']);
    expect(await details({ instanceId: 'nobody', limit: 9 })).toEqual([]);
  });

  it('holds instants as whole numbers, also past the 32 bits', async () => {
    await claimNotice(database.em(), { ...KEY, detail: '', now: NOW });
    expect(await listNotices(database.em(), { limit: 1 })).toStrictEqual([expect.objectContaining({ instant: EXPIRY, claimedAt: NOW, sentAt: null })]);
  });
});
