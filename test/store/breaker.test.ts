import { expect, it } from 'vitest';
import { askBreaker, closeBreaker, HALF_OPEN_AFTER, HALF_OPEN_TRIES, openBreaker, readBreaker } from '../../src/store/breaker.ts';
import { onBoth } from './databases.ts';
import { NOW } from './samples.ts';

onBoth('the breaker', (database) => {
  const ask = (now: number, keys = 'keys-1') => askBreaker(database.em(), 'order-query', keys, now);
  const open = (now = NOW, keys = 'keys-1') => openBreaker(database.em(), 'order-query', keys, 'wrong signature', now);

  it('is closed until it is opened', async () => {
    expect(await ask(NOW)).toEqual({ open: false, trial: false });
    expect(await readBreaker(database.em(), 'order-query')).toBeNull();
  });

  it('stops every caller at the first failure, says why and until when', async () => {
    await open();
    expect(await ask(NOW)).toEqual({ open: true, reason: 'wrong signature', nextTryAt: NOW + HALF_OPEN_AFTER });
    expect(await ask(NOW + HALF_OPEN_AFTER - 1)).toMatchObject({ open: true });
    expect(await readBreaker(database.em(), 'order-query')).toMatchObject({ reason: 'wrong signature', openedAt: NOW });
  });

  it('stops one kind of call and no other', async () => {
    await open();
    expect(await askBreaker(database.em(), 'usage-push', 'keys-1', NOW)).toMatchObject({ open: false });
  });

  it('lets three try, ten minutes apart, and then nobody with these keys', async () => {
    await open();
    let now = NOW;
    for (let tried = 0; tried < HALF_OPEN_TRIES; tried += 1) {
      now += HALF_OPEN_AFTER;
      expect(await ask(now)).toEqual({ open: false, trial: true });
      // The trial fails, and another caller asks.
      await open(now + 1);
      expect(await ask(now + HALF_OPEN_AFTER - 1)).toMatchObject({ open: true });
    }
    expect(await ask(now + HALF_OPEN_AFTER)).toEqual({ open: true, reason: 'wrong signature', nextTryAt: null });
    expect(await ask(now + 365 * 86_400_000)).toMatchObject({ open: true, nextTryAt: null });
  });

  it('is closed by a trial that succeeds, and opens afresh afterwards', async () => {
    await open();
    await ask(NOW + HALF_OPEN_AFTER);
    await closeBreaker(database.em(), 'order-query');
    expect(await ask(NOW + HALF_OPEN_AFTER)).toEqual({ open: false, trial: false });
    await open(NOW + HALF_OPEN_AFTER);
    expect(await ask(NOW + 2 * HALF_OPEN_AFTER)).toEqual({ open: false, trial: true });
  });

  it('starts afresh with new keys', async () => {
    await open();
    expect(await ask(NOW, 'keys-2')).toEqual({ open: false, trial: false });
    expect(await readBreaker(database.em(), 'order-query')).toBeNull();
  });

  it('is opened once when many calls fail at once', async () => {
    await database.atOnce(10, (store, index) => openBreaker(store.em(), 'order-query', 'keys-1', 'wrong signature', NOW + index));
    expect(await readBreaker(database.em(), 'order-query')).toMatchObject({ tries: 0, reason: 'wrong signature' });
  });

  it('gives exactly one of many simultaneous callers the trial', async () => {
    await open();
    const answers = await database.atOnce(16, (store) => askBreaker(store.em(), 'order-query', 'keys-1', NOW + HALF_OPEN_AFTER));
    expect(answers.filter(({ open: stopped }) => !stopped)).toEqual([{ open: false, trial: true }]);
  });
});
