import { expect, it } from 'vitest';
import { claimNonce, findCall, findRefusal, listCalls, listRefusals, NONCE_LIFE, pruneJournal, recordCall, recordRefusal, REFUSALS_KEPT } from '../../src/store/journal.ts';
import { Nonce, Refusal, type RefusalRow } from '../../src/store/entities.ts';
import type { Store } from '../../src/store/open.ts';
import { onBoth } from './databases.ts';
import { callRow, NOW } from './samples.ts';

const claim = (store: Store, changes: Partial<Parameters<typeof claimNonce>[1]> = {}) =>
  store.em().transactional((em) => claimNonce(em, { kit: 'saas-v2', nonce: 'n', bodyHash: 'hash', callId: 'call-1', now: NOW, ...changes }));

function refusal(changes: Partial<RefusalRow> = {}): RefusalRow {
  return { id: 'refusal-1', receivedAt: NOW, kit: 'saas-v2', resultCode: '000001', resultMsg: 'wrong signature', query: '{}', body: '{}', mistake: null, ...changes };
}

/** Foreign text that breaks SQL written together by hand. */
const AWKWARD = [`it's "quoted" \`so\` \\ and \\' and \\"`, '? ?? \\? $1 $2 :name @name', '%s {0} -- /* ; drop table call; */', '云市场 🧡 \u2028 \r\n\t', "\\x00 E'\\n'"];

onBoth('the journal', (database) => {
  it('gives a nonce to the first call that claims it', async () => {
    expect(await claim(database.store)).toBeNull();
  });

  it('answers what a nonce was first used for, to the same bytes and to others', async () => {
    await claim(database.store);
    const first = { bodyHash: 'hash', callId: 'call-1' };
    expect(await claim(database.store, { callId: 'call-2' })).toEqual(first);
    expect(await claim(database.store, { callId: 'call-3', bodyHash: 'other' })).toEqual(first);
    expect(await claim(database.store, { callId: 'call-4', now: NOW + NONCE_LIFE - 1 })).toEqual(first);
  });

  it('keeps the nonces of two kits apart', async () => {
    await claim(database.store);
    expect(await claim(database.store, { kit: 'license' })).toBeNull();
  });

  it('gives an expired nonce to the next one, for another full life', async () => {
    await claim(database.store);
    const again = NOW + NONCE_LIFE;
    expect(await claim(database.store, { callId: 'call-2', bodyHash: 'other', now: again })).toBeNull();
    expect(await claim(database.store, { callId: 'call-3', now: again + NONCE_LIFE - 1 })).toEqual({ bodyHash: 'other', callId: 'call-2' });
  });

  it.each([['new', NOW], ['expired', NOW + NONCE_LIFE]])('lets exactly one of many simultaneous calls have a %s nonce', async (kind, now) => {
    if (kind === 'expired') await claim(database.store);
    const answers = await database.atOnce(16, (store, index) => claim(store, { callId: `at-once-${index}`, now }));
    const winner = answers.indexOf(null);
    expect(answers.filter((answer) => answer === null)).toHaveLength(1);
    expect(answers.filter((answer) => answer !== null)).toEqual(Array.from({ length: 15 }, () => ({ bodyHash: 'hash', callId: `at-once-${winner}` })));
  });

  it('does not keep a nonce whose transaction was rolled back', async () => {
    const failing = database.em().transactional(async (em) => {
      await claimNonce(em, { kit: 'saas-v2', nonce: 'n', bodyHash: 'hash', callId: 'call-1', now: NOW });
      await recordCall(em, callRow());
      throw new Error('killed before the commit');
    });
    await expect(failing).rejects.toThrow('killed before the commit');
    expect(await findCall(database.em(), 'call-1')).toBeNull();
    expect(await claim(database.store, { callId: 'call-2' })).toBeNull();
  });

  it.each(AWKWARD)('gives back a call exactly as it was recorded: %s', async (text) => {
    const row = callRow({ body: text, resultMsg: text, evidence: { matched: text, key: 1, signature: text, timestamp: text } });
    await recordCall(database.em(), row);
    expect({ ...(await findCall(database.em(), 'call-1')) }).toEqual(row);
    expect(await listCalls(database.em(), { limit: 10 })).toHaveLength(1);
  });

  it('refuses a second record under the same id', async () => {
    await recordCall(database.em(), callRow());
    await expect(recordCall(database.em(), callRow({ body: 'other' }))).rejects.toThrow(/unique/i);
    expect((await findCall(database.em(), 'call-1'))?.body).toBe(callRow().body);
  });

  it('lists the calls newest first, by instance, verb, kind and time', async () => {
    const em = database.em();
    await recordCall(em, callRow({ id: 'a', receivedAt: NOW, instanceId: 'i-1' }));
    await recordCall(em, callRow({ id: 'b', receivedAt: NOW + 1, instanceId: 'i-2', verb: 'refreshInstance' }));
    await recordCall(em, callRow({ id: 'c', receivedAt: NOW + 2, instanceId: 'i-1', kind: 'test' }));
    const ids = async (filter: object): Promise<string[]> => (await listCalls(database.em(), { limit: 10, ...filter })).map(({ id }) => id);
    expect(await ids({})).toEqual(['c', 'b', 'a']);
    expect(await ids({ instanceId: 'i-1' })).toEqual(['c', 'a']);
    expect(await ids({ verb: 'refreshInstance' })).toEqual(['b']);
    expect(await ids({ kind: 'test' })).toEqual(['c']);
    expect(await ids({ before: NOW + 1 })).toEqual(['a']);
    expect(await ids({ limit: 2 })).toEqual(['c', 'b']);
  });

  it('records a refused call whatever its bytes are', async () => {
    const body = `\0 then ${Buffer.from([0xff, 0xfe, 0x00, 0xc3]).toString('utf8')} then half a pair \ud83d`;
    await recordRefusal(database.em(), refusal({ body, query: '{"nonce":"\0\udc00"}' }));
    expect(await findRefusal(database.em(), 'refusal-1')).toMatchObject({
      body: '\ufffd then \ufffd\ufffd\ufffd\ufffd then half a pair \ufffd',
      query: '{"nonce":"\ufffd\ufffd"}',
    });
  });

  it('keeps no more than the first part of a refused body, also where the cut divides a character', async () => {
    await recordRefusal(database.em(), refusal({ body: `${'x'.repeat(4_095)}🧡${'y'.repeat(300_000)}` }));
    expect((await findRefusal(database.em(), 'refusal-1'))?.body).toBe(`${'x'.repeat(4_095)}\ufffd`);
  });

  it('lists refusals newest first', async () => {
    for (const [index, id] of ['a', 'b', 'c'].entries()) await recordRefusal(database.em(), refusal({ id, receivedAt: NOW + index }));
    expect((await listRefusals(database.em(), 2)).map(({ id }) => id)).toEqual(['c', 'b']);
  });

  it('forgets nonces after their life and calls after the days to keep, and nothing else', async () => {
    await claim(database.store, { nonce: 'old', now: NOW - NONCE_LIFE - 1 });
    await claim(database.store, { nonce: 'fresh' });
    await recordCall(database.em(), callRow({ id: 'old', receivedAt: NOW - 1_001 }));
    await recordCall(database.em(), callRow({ id: 'kept', receivedAt: NOW - 1_000 }));
    await recordRefusal(database.em(), refusal({ receivedAt: 0 }));
    expect(await pruneJournal(database.em(), NOW, 1_000)).toBe(2);
    expect(await pruneJournal(database.em(), NOW, 1_000)).toBe(0);
    expect((await listCalls(database.em(), { limit: 10 })).map(({ id }) => id)).toEqual(['kept']);
    expect(await database.em().find(Nonce, {}, { fields: ['nonce'] })).toMatchObject([{ nonce: 'fresh' }]);
    expect(await listRefusals(database.em(), 10)).toHaveLength(1);
  });

  it('keeps only the newest refusals, so that a flood of them does not fill the disk', async () => {
    const flood = Array.from({ length: REFUSALS_KEPT + 25 }, (_, index) => refusal({ id: `r-${String(index).padStart(5, '0')}`, receivedAt: NOW + index }));
    await database.em().insertMany(Refusal, flood);
    expect(await pruneJournal(database.em(), NOW, 1_000)).toBe(25);
    expect(await database.em().count(Refusal)).toBe(REFUSALS_KEPT);
    expect((await listRefusals(database.em(), 1))[0]?.id).toBe(flood.at(-1)?.id);
    expect(await findRefusal(database.em(), 'r-00024')).toBeNull();
    expect(await findRefusal(database.em(), 'r-00025')).not.toBeNull();
  });
});
