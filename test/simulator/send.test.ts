import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bodyText, signedRequest } from '../../src/simulator/request.ts';
import { saasV2Vectors } from '../vectors/vectors.ts';
import { json } from './seller.ts';
import { openStage, START, type Stage } from './stage.ts';

const BODY = { orderLineId: 'b', orderId: 'a', activity: 'newInstance' };
const SORTED = '{"activity":"newInstance","orderId":"a","orderLineId":"b"}';

describe('the raw way of sending', () => {
  let stage: Stage;
  const last = () => stage.seller.received.at(-1)!;

  beforeEach(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.close());

  it('sorts and compacts members and leaves out null and undefined', async () => {
    await stage.market.send({ body: { ...BODY, gone: undefined, nothing: null } });
    expect(last().raw).toBe(SORTED);
    expect(last().signed).toBe(true);
  });

  it('sends text and bytes exactly as given, signed over those bytes', async () => {
    const text = '{ "b": 1,\n "a": "名" }';
    await stage.market.send({ body: text });
    expect([last().raw, last().signed]).toEqual([text, true]);
    const call = await stage.market.send({ verb: 'not-json', body: Uint8Array.of(0xff, 0x00) });
    expect(last().signed).toBe(true);
    expect(call.verb).toBe('not-json');
    await stage.market.send({ body: { activity: 'n\0ul', orderId: "o'\0", instanceId: '\ud800' } });
    expect((await stage.market.calls()).map(({ verb }) => verb)).toEqual(['', 'not-json', 'n\uFFFDul']);
  });

  it('sends members in the order given, and can sign the sorted form instead', async () => {
    await stage.market.send({ body: BODY, overrides: { unsorted: true } });
    expect([last().raw, last().signed]).toEqual(['{"orderLineId":"b","orderId":"a","activity":"newInstance"}', true]);
    await stage.market.send({ body: BODY, overrides: { unsorted: true, signed: bodyText(BODY), nonce: 'n', signatureCase: 'lower' } });
    expect(last().signed).toBe(false);
    await stage.market.send({ body: BODY, overrides: { nonce: 'n', signature: last().query.get('signature') } });
    expect([last().raw, last().signed]).toEqual([SORTED, true]);
  });

  it('takes another key, stamp, nonce, signature and case', async () => {
    await stage.market.send({ body: BODY, overrides: { key: 'wrong' } });
    expect(last().signed).toBe(false);
    await stage.market.send({ body: BODY, overrides: { at: START - 120_500, seconds: true, nonce: 'n-1' } });
    expect([last().query.get('timestamp'), last().query.get('nonce'), last().signed]).toEqual([String((START - 121_000) / 1000), 'n-1', true]);
    await stage.market.send({ body: BODY, overrides: { timestamp: 'yesterday' } });
    expect([last().query.get('timestamp'), last().signed]).toEqual(['yesterday', true]);
    await stage.market.send({ body: BODY, overrides: { signatureCase: 'lower' } });
    expect(last().query.get('signature')).toMatch(/^[0-9a-f]{64}$/);
    expect(last().signed).toBe(true);
    await stage.market.send({ body: BODY, overrides: { signature: 'AB' } });
    expect(last().query.get('signature')).toBe('AB');
  });

  it('repeats a call byte for byte from the journal', async () => {
    const first = await stage.market.send({ body: BODY });
    await stage.market.send({ body: first.body, overrides: first.query });
    const [one, two] = stage.seller.received;
    expect([two!.raw, two!.query.toString()]).toEqual([one!.raw, one!.query.toString()]);
  });

  it.each(['signature', 'timestamp', 'nonce'] as const)('leaves %s out of the URL', async (part) => {
    const call = await stage.market.send({ body: BODY, overrides: { [part]: null } });
    expect(last().query.has(part)).toBe(false);
    expect(Object.keys(call.query).sort()).toEqual(['nonce', 'signature', 'timestamp'].filter((name) => name !== part));
  });

  it('takes other headers, method and path', async () => {
    await stage.market.send({ body: BODY, overrides: { headers: { 'content-type': 'text/plain', 'X-Extra': '1' }, method: 'PUT', path: '/elsewhere' } });
    expect(last()).toMatchObject({ method: 'PUT', path: '/elsewhere', headers: { 'content-type': 'text/plain', 'x-extra': '1' } });
    await stage.market.send({ body: BODY, overrides: { method: 'GET' } });
    expect(last()).toMatchObject({ method: 'GET', raw: '' });
  });

  it('sends a body in chunks without a declared length', async () => {
    const body = JSON.stringify({ activity: 'newInstance', long: 'x'.repeat(40_000) });
    await stage.market.send({ body, overrides: { chunked: true } });
    expect(last().headers['content-length']).toBeUndefined();
    expect([last().raw === body, last().signed]).toEqual([true, true]);
  });

  it('reports a redirect as an answer and does not follow it', async () => {
    stage.seller.answer((_, response) => void response.writeHead(302, { location: '/other' }).end());
    const call = await stage.market.send({ body: BODY });
    expect(call).toMatchObject({ status: 302, verdict: { ok: false, rule: 'http-status' } });
    expect(stage.seller.received).toHaveLength(1);
  });

  it('reports a seller that cannot be reached, hangs up or is too late, and throws nothing', async () => {
    const { market, seller } = stage;
    seller.answer((_, response) => void response.destroy());
    expect(await market.send({ body: BODY })).toMatchObject({ status: null, failure: expect.stringMatching(/^unreachable: /), verdict: { ok: false, rule: 'unreachable' } });
    seller.answer(() => undefined);
    expect(await market.send({ body: BODY, overrides: { timeLimit: 30 } })).toMatchObject({ status: null, failure: 'timed out', verdict: { ok: false, rule: 'time-out' } });
    await seller.close();
    expect(await market.send({ body: BODY })).toMatchObject({ failure: 'unreachable: ECONNREFUSED', verdict: { ok: false, rule: 'unreachable' } });
    expect(await market.calls()).toHaveLength(3);
  });

  it('numbers calls in the order of sending, also when the answers come in another', async () => {
    const { market, seller } = stage;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    seller.answer(async ({ members }, response) => {
      if (members['activity'] === 'first') await held;
      json(response, { resultCode: '000000', resultMsg: 'success' });
    });
    const first = market.send({ body: { activity: 'first' } });
    await market.send({ body: { activity: 'second' } });
    release();
    await first;
    expect((await market.calls()).map(({ seq, verb }) => [seq, verb])).toEqual([
      [1, 'first'],
      [2, 'second'],
    ]);
    await market.clear();
    expect(await market.calls()).toEqual([]);
  });

  it('gives up the calls under way when the market closes', async () => {
    const other = await openStage();
    const arrived = new Promise<void>((resolve) => other.seller.answer(() => resolve()));
    const call = other.market.send({ body: BODY });
    await arrived;
    await other.close();
    expect(await call).toMatchObject({ status: null, verdict: { ok: false } });
  });
});

describe('the signature of a call', () => {
  it.each(saasV2Vectors.filter(({ expected }) => typeof expected['requestPayload'] === 'string' && typeof expected['signatureUpper'] === 'string' && expected['accept'] !== false))(
    'is the known one: $name',
    ({ accessKey, query, body, expected }) => {
      const { timestamp = null, nonce = null } = query ?? {};
      const sending = { body: JSON.parse(body ?? '') as Record<string, unknown>, overrides: { timestamp, nonce } };
      const made = signedRequest('https://seller.example/saas', sending, { accessKey: accessKey ?? '', now: () => 0, random: () => new Uint8Array() });
      expect(new TextDecoder().decode(made.body)).toBe(expected['requestPayload']);
      expect(made.query['signature']).toBe(expected['signatureUpper']);
    },
  );
});
