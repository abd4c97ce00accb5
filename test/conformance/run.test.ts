import { afterEach, describe, expect, it } from 'vitest';
import { readBaseline } from '../../src/conformance/baseline.ts';
import { select } from '../../src/conformance/select.ts';
import { KITS } from '../../src/conformance/kits.ts';
import { caught, check, rows } from './checked.ts';
import { KEY, refusal, startSeller, written, type Parts, type Seller } from './sellers/honest.ts';

const clock = { now: 1_767_225_600_123 };
const now = () => clock.now;
const only = (...names: string[]) => select(KITS['saas-v2'], names, []).wanted;
const closing: Seller[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((each) => each.close()));
});

async function seller(faults: Partial<Parts> = {}): Promise<Seller> {
  const started = await startSeller(faults, clock);
  closing.push(started);
  return started;
}

describe('a run', () => {
  it('is unreachable, not failed, when nobody answers', async () => {
    const gone = await seller();
    await gone.close();
    const report = await check(gone.url, KEY, now);
    expect([report.status, report.verdict, report.counts.passed]).toEqual(['unreachable', null, 0]);
    closing.length = 0;
  });

  it('with another key than the seller’s fails at the gate, and says that the rest is blocked', async () => {
    const report = await check((await seller()).url, 'another key', now);
    expect(Object.keys(caught(report))).toEqual(['auth.valid']);
    expect(new Set(rows(report).flatMap(({ skip }) => skip ?? []))).toEqual(new Set(['blocked by auth.valid', 'needs --live']));
    expect([report.verdict, report.mistakes]).toEqual(['failed', []]);
  });

  it.each([
    ['a page that is not there', { status: 404, contentType: 'text/html', text: 'no such page' }, /^start the seller and compare host, port and path/],
    ['a debugging call carried out', written({ resultCode: '000004', resultMsg: 'being made' }), /answer testFlag "1" with 000000/],
    ['a refusal', written(refusal('000001', 'signature is wrong')), /^compare key, address and algorithm/],
  ])('says of the gate how to mend what was seen: %s', async (_, answer, mend) => {
    const report = await check((await seller({ write: () => answer })).url, KEY, now, { wanted: only('auth.valid') });
    expect(rows(report).find(({ id }) => id === 'auth.valid')?.mend).toMatch(mend);
  });

  it('that is interrupted says so, and counts what was broken off as skipped', async () => {
    const interrupt = new AbortController();
    const report = await check((await seller()).url, KEY, now, { closing: interrupt.signal, progress: (_, done) => (done === 5 ? interrupt.abort() : undefined) });
    expect([report.status, report.verdict, report.counts.passed, report.counts.failed]).toEqual(['interrupted', null, 5, 0]);
    expect(rows(report).filter(({ skip }) => skip === 'interrupted')).toHaveLength(report.counts.total - 5);
  });

  it('makes what a wanted check builds on, and filters the rest', async () => {
    const report = await check((await seller()).url, KEY, now, { wanted: only('idempotency.replay') });
    expect(rows(report).filter(({ skip }) => skip === null).map(({ id }) => id)).toEqual(['auth.valid', 'probe.newInstance', 'idempotency.replay']);
    expect(report.counts.skipped).toBe(report.counts.total - 3);
  });

  it('in which nothing was asked for has checked nothing', async () => {
    const report = await check((await seller()).url, KEY, now, { wanted: () => false });
    expect([report.status, report.verdict]).toEqual(['nothing checked', null]);
  });

  it('shows what was sent and what came, with no key and no password', async () => {
    const report = await check((await seller({ answer: () => ({ resultCode: '000000', resultMsg: 'success', info: [], password: 'geheim-9' }) })).url, KEY, now);
    const failed = rows(report).find(({ id }) => id === 'probe.queryInstance');
    expect(failed).toMatchObject({ status: 'failed', severity: 'must', finding: 'the answer lacks info', sent: { verb: 'queryInstance' }, got: { status: 200, contentType: 'application/json' } });
    expect(JSON.stringify(report)).not.toContain(KEY);
    expect(JSON.stringify(report)).not.toContain('geheim-9');
  });

  it('with one seed sends the same bodies, with new nonces', async () => {
    const { url } = await seller();
    const [one, two] = [await check(url, KEY, now, { wanted: only('probe') }), await check(url, KEY, now, { wanted: only('probe') })];
    const sent = (report: typeof one) => rows(report).map((item) => item.sent?.body);
    expect(sent(one)).toEqual(sent(two));
    expect(caught(two)).toEqual({});
  });

  it('says which debugging cases the console would save', async () => {
    const report = await check((await seller({ answer: () => ({ resultCode: '000000', resultMsg: 'success' }) })).url, KEY, now);
    expect(report.debugging.find(({ product }) => product === 'one-time')?.cases).toEqual({ newInstance: false, queryInstance: false, releaseInstance: true });
  });
});

describe('a baseline', () => {
  const text = (until: string) => JSON.stringify({ 'envelope.content-type': { reason: 'the proxy is being changed', until } });
  const expected = (until: string) => {
    const read = readBaseline(text(until));
    return typeof read === 'string' ? expect.unreachable(read) : read;
  };
  const plain: Partial<Parts> = { write: (answer) => written(answer, { contentType: null }) };

  it('makes a failure an expected one until its day is over', async () => {
    const { url } = await seller(plain);
    const during = await check(url, KEY, now, { baseline: expected('2026-01-01') });
    expect([during.verdict, during.counts.expected, during.recovered, during.overdue]).toEqual(['passed', 1, [], []]);
    const after = await check(url, KEY, now, { baseline: expected('2025-12-31') });
    expect([after.verdict, after.counts.expected, after.overdue]).toEqual(['failed', 0, ['envelope.content-type']]);
  });

  it('tells what no longer fails', async () => {
    expect((await check((await seller()).url, KEY, now, { baseline: expected('2026-01-01') })).recovered).toEqual(['envelope.content-type']);
  });

  it.each([
    ['no JSON', '{', 'is not JSON'],
    ['no reason', '{"a.b":{"until":"2026-01-01"}}', /^a\.b\.reason: /],
    ['no such day', '{"a.b":{"reason":"x","until":"2026-02-30"}}', /^a\.b\.until: /],
    ['a list', '[]', /^its top: /],
  ])('with %s is refused', (_, given, message) => {
    expect(readBaseline(given)).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });
});

describe('a selection', () => {
  const checks = [{ id: 'auth.valid' }, { id: 'auth.drift' }, { id: 'query.lengths' }];
  const chosen = (of: readonly string[], without: readonly string[]) => checks.filter(select(checks, of, without).wanted).map(({ id }) => id);

  it('takes groups and ids, and leaving out wins', () => {
    expect(chosen([], [])).toHaveLength(3);
    expect(chosen(['auth'], ['auth.drift'])).toEqual(['auth.valid']);
    expect(chosen(['auth', 'query.lengths'], [])).toHaveLength(3);
  });

  it('says which names are none', () => {
    expect(select(checks, ['auht'], ['query.lengths', 'auth.']).unknown).toEqual(['auht', 'auth.']);
  });
});
