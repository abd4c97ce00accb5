import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findCall, listCalls, recordCall } from '../../src/store/journal.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { emptyDatabase } from './databases.ts';
import { lineTo, type Line } from './line.ts';
import { callRow } from './samples.ts';

/** More than the pool has connections: losing one for good each time would show. */
const MANY = Array.from({ length: 25 }, (_, index) => index);

describe('a PostgreSQL whose connections are lost', () => {
  let line: Line;
  let store: Store;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    const empty = await emptyDatabase('postgres');
    remove = () => empty.remove();
    if (empty.at.kind === 'postgres') line = await lineTo(empty.at.url);
    store = await openStore({ kind: 'postgres', url: line.url });
    await store.migrate();
  });
  afterEach(async () => {
    await store.close();
    await line.close();
    await remove();
  });

  const write = (id: string) => store.em().transactional((em) => recordCall(em, callRow({ id })));

  it('serves on after it was restarted under waiting transactions, and keeps nothing of those', async () => {
    for (const round of MANY.slice(0, 3)) {
      let begun = 0;
      const all = Promise.withResolvers<void>();
      const holding = MANY.slice(0, 8).map((index) =>
        store.em().transactional(async (em) => {
          await recordCall(em, callRow({ id: `lost-${round}-${index}` }));
          begun += 1;
          if (begun === 8) all.resolve();
          await all.promise;
          line.cut();
          await findCall(em, 'any');
        }),
      );
      expect((await Promise.allSettled(holding)).map(({ status }) => status)).toEqual(MANY.slice(0, 8).map(() => 'rejected'));
    }
    await Promise.all(MANY.map((index) => write(`after-${index}`)));
    expect((await listCalls(store.em(), { limit: 100 })).filter(({ id }) => !id.startsWith('after-'))).toEqual([]);
  });

  it('serves on after connections that died unseen: a begin that fails gives its connection back', async () => {
    for (const index of MANY) {
      await store.ping();
      line.cutAtNextWord();
      await expect(write(`lost-${index}`)).rejects.toThrow(/terminated|ECONNRESET|closed/);
      line.mend();
    }
    await write('after');
    expect((await listCalls(store.em(), { limit: 100 })).map(({ id }) => id)).toEqual(['after']);
  });

  it('says that it does not answer, and answers again', async () => {
    await store.ping();
    line.cutAtNextWord();
    await expect(store.ping()).rejects.toThrow(/terminated|ECONNRESET|closed/);
    line.mend();
    await expect(store.ping()).resolves.toBeUndefined();
  });
});
