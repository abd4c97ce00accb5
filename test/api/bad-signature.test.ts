import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEY, NOW } from '../marketplace/signed-call.ts';
import { bodies, freshLine } from './bodies.ts';
import { observe, refused } from './refused.ts';
import { freshNonce, signed, startApi, type RunningApi } from './running-api.ts';

const OLD_KEY = 'kg-test-the-key-before-this-one-0001';
const seconds = Math.floor(NOW / 1000);

let api: RunningApi;
beforeAll(async () => {
  api = await startApi({ keys: [KEY, OLD_KEY] });
});
afterAll(() => api.close());

/** A good call whose query is then changed. */
function withQuery(nonce: string, change: Readonly<Record<string, string | null>>) {
  const sent = signed(bodies.create(), { nonce });
  const query = new URLSearchParams(sent.target.split('?')[1]);
  for (const [name, value] of Object.entries(change)) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  return { ...sent, target: `/koogallery/saas?${query.toString()}` };
}

describe('a signature that does not hold', () => {
  it.each([
    ['made with another key', { key: 'kg-test-not-this-key' }],
    ['made with an empty key', { key: '' }],
    ['of another body', { payload: '{"activity":"releaseInstance"}' }],
  ])('%s → 000001', async (_, signing) => {
    const nonce = freshNonce();
    expect(await observe(api, () => api.call(bodies.create(), { nonce, ...signing }), nonce)).toEqual(refused('000001', 'signature is wrong'));
  });

  it.each([
    ['of zeros', { signature: '0'.repeat(64) }, 'signature is wrong'],
    ['that is no hex', { signature: 'not hex at all' }, 'signature is wrong'],
    ['cut short', { signature: 'AB'.repeat(31) }, 'signature is wrong'],
    ['missing', { signature: null }, 'signature is missing'],
    ['empty', { signature: '' }, 'signature is missing'],
    ['under a timestamp moved by 1 ms', { timestamp: String(NOW + 1) }, 'signature is wrong'],
    ['under another nonce', { nonce: 'another' }, 'signature is wrong'],
  ])('%s → 000001', async (_, change, message) => {
    const nonce = freshNonce();
    expect(await observe(api, () => api.send(withQuery(nonce, change)), nonce)).toEqual(refused('000001', message));
  });

  it('a body changed on its way → 000001, and the record shows what came', async () => {
    const nonce = freshNonce();
    const sent = signed({ ...bodies.create(), orderId: 'CS-CHEAP' }, { nonce });
    const body = Buffer.from(sent.body).toString('utf8').replace('CS-CHEAP', 'CS-DEAR');
    expect(await observe(api, () => api.send({ ...sent, body }), nonce)).toEqual(refused('000001', 'signature is wrong', expect.stringContaining('CS-DEAR')));
  });
});

describe('timestamp and nonce', () => {
  it.each([
    ['a missing timestamp', { timestamp: null }, 'timestamp is missing'],
    ['an empty timestamp', { timestamp: '' }, 'timestamp is missing'],
    ['a missing nonce', { nonce: null }, 'nonce is missing'],
    ['an empty nonce', { nonce: '' }, 'nonce is missing'],
    ['a nonce of 129 characters', { nonce: 'n'.repeat(129) }, 'nonce is longer than 128 characters'],
    ['a nonce with a control character', { nonce: 'a\u0000b' }, 'nonce has control characters or broken text'],
  ])('%s → 000002', async (_, change, message) => {
    const nonce = freshNonce();
    expect(await observe(api, () => api.send(withQuery(nonce, change)), nonce)).toEqual(refused('000002', message));
  });

  it.each(['yesterday', '2026-01-01T00:00:00Z', '1767225600.5', '-1767225600', '01767225600', '17672256001', '0x1767225600', '1.7672256e9', ' 1767225600', '９９９９９９９９９９'])(
    'a timestamp %j is no stamp → 000002',
    async (timestamp) => {
      const nonce = freshNonce();
      expect(await observe(api, () => api.call(bodies.create(), { nonce, timestamp }), nonce)).toEqual(refused('000002', /^timestamp must be 10 digits/));
    },
  );

  it.each([
    ['60.001 s old, in ms', NOW - 60_001],
    ['60.001 s ahead, in ms', NOW + 60_001],
    ['60.123 s old, in s', seconds - 60],
    ['60.877 s ahead, in s', seconds + 61],
    ['a day old', NOW - 86_400_000],
    ['of the year 2286', 9_999_999_999_999],
  ])('refuses a stamp %s, however well it is signed', async (_, stamp) => {
    const nonce = freshNonce();
    expect(await observe(api, () => api.call(bodies.create(), { nonce, timestamp: String(stamp) }), nonce)).toEqual(refused('000002', 'timestamp is more than 60 seconds from our clock'));
  });

  it.each([
    ['60 s old, in ms', NOW - 60_000],
    ['60 s ahead, in ms', NOW + 60_000],
    ['59.123 s old, in s', seconds - 59],
    ['59.877 s ahead, in s', seconds + 60],
  ])('accepts a stamp %s', async (_, stamp) => {
    expect((await api.call(bodies.create(), { timestamp: String(stamp) })).code).toBe('000004');
  });
});

describe('signatures that hold in another form', () => {
  const line = freshLine();
  const canonical = JSON.stringify(bodies.create(line));
  const { activity, businessId, orderId, orderLineId } = JSON.parse(canonical) as Record<string, string>;

  it.each([
    ['members in another order', JSON.stringify({ orderLineId, orderId, businessId, activity })],
    ['blanks and line ends', JSON.stringify({ activity, businessId, orderId, orderLineId }, null, 2)],
    ['null members', JSON.stringify({ activity, businessId, orderId, orderLineId, testFlag: null })],
  ])('accepts %s when the sorted compact text was signed', async (_, body) => {
    expect((await api.call(body, { payload: canonical })).code).toBe('000004');
  });

  it('accepts non-ASCII written as escapes when the characters themselves were signed', async () => {
    const payload = JSON.stringify({ ...bodies.create(), remark: '华为云云商店 ☁' });
    const escaped = payload.replace(/[^\x20-\x7e]/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
    expect(escaped).not.toBe(payload);
    expect((await api.call(escaped, { payload })).code).toBe('000004');
  });

  it('accepts unsorted bytes that were signed as they are', async () => {
    expect((await api.call({ orderLineId, orderId, businessId, activity })).code).toBe('000004');
  });

  it('accepts hex in small letters', async () => {
    const sent = signed(bodies.create());
    expect((await api.send({ ...sent, target: sent.target.replace(/signature=([0-9A-F]{64})/, (all) => all.replace(/[A-F]/g, (letter) => letter.toLowerCase())) })).code).toBe('000004');
  });

  it('accepts the older of two keys while they are rotated', async () => {
    expect((await api.call(bodies.create(), { key: OLD_KEY })).code).toBe('000004');
  });

  it('accepts numbers and booleans where strings belong, with their spelling as the value', async () => {
    const body = `{"activity":"newInstance","businessId":true,"orderId":4711.0,"orderLineId":1}`;
    const spelt = { activity: 'newInstance', businessId: 'true', orderId: '4711.0', orderLineId: '1' };
    expect((await api.call(body)).json['instanceId']).toBe((await api.call(spelt)).json['instanceId']);
  });

  it('the first of two parameters of one name counts, for the signature as for the value', async () => {
    const sent = signed(bodies.create());
    expect((await api.send({ ...sent, target: `${sent.target}&signature=00&nonce=zz&timestamp=1` })).code).toBe('000004');
  });
});
