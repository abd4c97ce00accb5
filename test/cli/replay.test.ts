import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { replayOutcome } from '../../src/operations/replay-call.ts';
import { recordCall, recordRefusal } from '../../src/store/journal.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { holds } from '../marketplace/signing/independent.ts';
import { json, startSeller, type Seller } from '../simulator/seller.ts';
import { run as runCommand } from './run.ts';

const KEY = 'the-base-key-0123456789abcdef';
/** 2026-11-21T00:00:00Z */
const THEN = 1_795_219_200_000;
const NONCE = 'a-nonce-of-then';
const query = '{"activity":"queryInstance","instanceId":"i-1"}';
const freeze = '{"activity":"updateInstanceStatus","instanceId":"i-1","status":"FREEZE"}';
const test1 = '{"activity":"updateInstanceStatus","instanceId":"i-1","status":"FREEZE","testFlag":"1"}';

let folder: string;
let store: Store;
let seller: Seller;
/** What `PORT` says: the seller stands where our own API would. */
let own: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kookeeper-replay-'));
  store = await openStore({ kind: 'sqlite', file: join(folder, 'kookeeper.db') });
  await store.migrate();
  seller = await startSeller(KEY);
  own = new URL(seller.url).port;
});
afterEach(async () => {
  await seller.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (args: readonly string[], port = own) => runCommand(['replay', ...args], { KOOGALLERY_BASE_KEY: KEY, KOOKEEPER_DATA: folder, PORT: port }, folder);
async function recorded(id: string, body: string, { resultCode = '000000', matched = 'raw', kit = 'saas-v2' } = {}): Promise<string> {
  const { activity } = JSON.parse(body) as { activity: string };
  const evidence = { matched, key: 0, signature: 'AB', timestamp: String(THEN) };
  await recordCall(store.em(), { id, receivedAt: THEN, kit, verb: activity, kind: body.includes('testFlag') ? 'test' : 'live', nonce: NONCE, signedAt: THEN, evidence, body, instanceId: null, seq: null, resultCode, resultMsg: 'x' });
  return id;
}
async function refused(id: string, body: string): Promise<string> {
  await recordRefusal(store.em(), { id, receivedAt: THEN, kit: 'saas-v2', resultCode: '000001', resultMsg: 'signature is wrong', query: '{}', body, mistake: null });
  return id;
}

describe('replay', () => {
  it('sends the recorded body again, with a new stamp, nonce and signature', async () => {
    const { code, stdout } = await run([await recorded('call-1', test1)]);
    expect(code).toBe(0);
    expect(seller.received).toMatchObject([{ raw: test1, signed: true, path: '/koogallery/saas' }]);
    const [{ query: sent } = { query: new URLSearchParams() }] = seller.received;
    expect(sent.get('nonce')).toMatch(/^[0-9A-F]{64}$/);
    expect(Number(sent.get('timestamp'))).toBeGreaterThan(THEN);
    expect(stdout).toContain('✓ good: 000000\nSAME: 000000 before, 000000 now\n');
    await run(['call-1']);
    expect(seller.received[1]?.query.get('nonce')).not.toBe(sent.get('nonce'));
  });

  it('repeats a refused call, and says that it is mended', async () => {
    const { code, stdout } = await run([await refused('refused-1', test1), '--output', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id: 'refused-1', outcome: 'fixed', before: '000001', answer: { resultCode: '000000' } });
  });

  it('signs the sorted form where that was signed then, and sends the body as it came', async () => {
    const body = '{ "testFlag":"1", "activity":"releaseInstance" }';
    await run([await recorded('call-2', body, { matched: 'reserialised' })]);
    const [{ raw, query: sent } = { raw: '', query: new URLSearchParams() }] = seller.received;
    const [signature, timestamp, nonce] = ['signature', 'timestamp', 'nonce'].map((name) => sent.get(name) ?? '');
    expect(raw).toBe(body);
    expect(holds({ accessKey: KEY, query: { signature: signature ?? '', timestamp: timestamp ?? '', nonce: nonce ?? '' }, body: Buffer.from(raw) })).toBe('reserialised');
  });

  it('asks before a live call goes to another address, even one that changes nothing', async () => {
    const id = await recorded('call-3', query);
    expect(await run([id, '--to', seller.url], '1')).toMatchObject({ code: 2, stderr: expect.stringContaining(`Send it to ${seller.url}? Say so with --yes`) });
    expect(seller.received).toEqual([]);
    await run([id, '--to', seller.url, '--yes'], '1');
    expect(seller.received).toMatchObject([{ raw: query, signed: true }]);
  });

  it('asks before a live call that changes an instance goes anywhere, for it may undo what came after', async () => {
    const id = await recorded('call-4', freeze);
    expect(await run([id])).toMatchObject({ code: 2, stderr: expect.stringContaining('live call (updateInstanceStatus)') });
    expect(await run([await refused('refused-2', freeze)])).toMatchObject({ code: 2 });
    expect(await run([await refused('refused-3', 'no json')])).toMatchObject({ code: 2, stderr: expect.stringContaining('no activity') });
    expect(seller.received).toEqual([]);
    expect(await run([id, '--yes'])).toMatchObject({ code: 0 });
  });

  it('does not ask for a live query of our own, nor for a test call to anybody', async () => {
    await run([await recorded('call-5', query)]);
    await run([await recorded('call-6', test1), '--to', seller.url], '1');
    expect(seller.received.map(({ raw }) => raw)).toEqual([query, test1]);
  });

  it('ends with code 1 when the answer is bad, and with 3 when nobody is there', async () => {
    seller.answer((_call, response) => json(response, { resultCode: '000003', resultMsg: 'unknown' }));
    const id = await recorded('call-7', test1);
    expect(await run([id])).toMatchObject({ code: 1, stdout: expect.stringContaining('FAILED: 000000 before, 000003 now') });
    await seller.close();
    expect(await run([id])).toMatchObject({ code: 3, stdout: expect.stringContaining('ERROR: 000000 before, no result code now') });
    seller = await startSeller(KEY);
  });

  it('refuses what it cannot repeat', async () => {
    expect(await run(['nowhere'])).toMatchObject({ code: 1, stderr: expect.stringContaining('no call nowhere') });
    expect(await run([await refused('long', 'x'.repeat(5_000)), '--yes'])).toMatchObject({ code: 2, stderr: expect.stringContaining('first 4 KiB') });
    expect(await run([await recorded('call-8', test1, { kit: 'saas-v9' })])).toMatchObject({ code: 2, stderr: expect.stringContaining('saas-v9') });
    expect(seller.received).toEqual([]);
  });
});

test.each([
  ['000000', { reached: true, good: true, resultCode: '000000' }, 'same'],
  ['000004', { reached: true, good: true, resultCode: '000000' }, 'changed'],
  ['000001', { reached: true, good: true, resultCode: '000000' }, 'fixed'],
  ['000001', { reached: true, good: false, resultCode: '000001' }, 'failed'],
  ['000000', { reached: false, good: false, resultCode: null }, 'error'],
] as const)('what was %s and is %o now is %s', (then, now, outcome) => {
  expect(replayOutcome(then, now)).toBe(outcome);
});
