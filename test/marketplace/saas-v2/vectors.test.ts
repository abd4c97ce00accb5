import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../src/marketplace/explain/attempt.ts';
import { findMistakes } from '../../../src/marketplace/explain/explain.ts';
import { saasV2 } from '../../../src/marketplace/saas-v2/dialect.ts';
import { bodySign, verifyBodySign } from '../../../src/marketplace/signing/body-sign.ts';
import { sign } from '../../../src/marketplace/signing/body-signature.ts';
import { allSaasVectors, bodySignVectors, saasV2Vectors, type SaasVector } from '../../vectors/vectors.ts';
import { activities } from './tables.ts';

const DOC_KEY = 'no access key is printed beside the published signatures (saas.md 4.4.9)';
/** Vectors of the V2.0 family that are not recomputed, by name, with the reason. */
const NOT_REPRODUCIBLE: Readonly<Record<string, string>> = {
  'v2-doc-newInstance': DOC_KEY,
  'v2-doc-queryInstance': DOC_KEY,
  'v2-doc-refreshInstance': DOC_KEY,
  'v2-doc-updateInstanceStatus': DOC_KEY,
  'v2-doc-releaseInstance': DOC_KEY,
  'v2-doc-upgradeInstance': DOC_KEY,
  'v2-doc-orderNotify': DOC_KEY,
};
/** The rest of the file is no V2.0 call: by the beginning of the name, with the reason. */
const OTHER_KITS: Readonly<Record<string, string>> = {
  'v1-': 'V1.0 is not served (its Body-Sign is the same algorithm and is checked here)',
  'aes': 'field encryption is part of V1.0 alone (saas.md §4.3)',
  'usage-push': 'a call that we would make; usage is not pushed',
};

const calls = saasV2Vectors.filter(({ query }) => query?.['signature'] !== undefined);
const accepted = calls.filter(({ expected }) => expected['accept'] !== false);
const published = allSaasVectors.filter(({ name }) => Object.hasOwn(NOT_REPRODUCIBLE, name));
const kitSign = allSaasVectors.filter(({ name }) => name === 'v2-kit-x-sign');

const open = ({ query, body }: SaasVector, key: string) =>
  saasV2.authenticate({ method: 'POST', query: query ?? {}, headers: {}, body: Buffer.from(body ?? '') }, [key], Number(query?.['timestamp']));
const activityOf = ({ body }: SaasVector): string => String((JSON.parse(body ?? '{}') as Record<string, unknown>)['activity']);

test('every vector of the file is checked here, or named with the reason why not', () => {
  const here = new Set([...saasV2Vectors, ...bodySignVectors, ...kitSign].map(({ name }) => name));
  const reasoned = (name: string): boolean => Object.hasOwn(NOT_REPRODUCIBLE, name) || Object.keys(OTHER_KITS).some((start) => name.startsWith(start));
  expect(allSaasVectors).toHaveLength(76);
  expect(allSaasVectors.filter(({ name }) => !here.has(name) && !reasoned(name))).toEqual([]);
  // Reproducible ones of V2.0 have no excuse.
  expect(allSaasVectors.filter(({ name, reproduced }) => reproduced && name.startsWith('v2-') && !here.has(name))).toEqual([]);
  expect(allSaasVectors.filter(({ name, reproduced }) => Object.hasOwn(NOT_REPRODUCIBLE, name) && reproduced)).toEqual([]);
});

describe('saas.json, V2.0 calls', () => {
  test.each(accepted)('$name · is opened and understood, and its signature is the one we would make', (vector) => {
    const { accessKey, query, expected } = vector;
    const key = accessKey ?? '';
    const opened = open(vector, key);
    if (opened.refused) throw new Error(opened.message);
    const [nonce, timestamp, payload] = [query?.['nonce'] ?? '', query?.['timestamp'] ?? '', String(expected['requestPayload'])];
    const inner = createHmac('sha256', key).update(payload).digest('hex');
    expect([inner, key + nonce + timestamp + inner]).toEqual([expected['innerHexLower'], expected['canonicalRequest']]);
    expect(sign(key, nonce, timestamp, payload)).toBe(expected['signatureUpper']);
    expect(expected['signatureLower']).toBe(String(expected['signatureUpper']).toLowerCase());
    expect(open({ ...vector, query: { ...query, signature: String(expected['signatureLower']) } }, key)).toMatchObject({ refused: false });
    expect(open(vector, 'another key')).toMatchObject({ refused: true, code: '000001' });
    const known = (activities as readonly string[]).includes(activityOf(vector));
    expect(saasV2.parse(opened)).toMatchObject(known ? { verb: activityOf(vector) } : { refused: true, code: '000002', message: 'activity is unknown' });
  });

  test.each(calls.filter(({ expected }) => expected['accept'] === false))('$name · is refused', (vector) => {
    expect(open(vector, vector.accessKey ?? '')).toMatchObject({ refused: true, code: vector.expected['resultCode'] });
    expect(sign(vector.accessKey ?? '', vector.query?.['nonce'] ?? '', vector.query?.['timestamp'] ?? '', vector.body ?? '')).toBe(vector.expected['signatureUpper']);
  });

  test('v2-trap-plain-sha256-inner-is-wrong · is refused and explained', () => {
    const [trap] = saasV2Vectors.filter(({ name }) => name === 'v2-trap-plain-sha256-inner-is-wrong');
    const query = { ...trap?.query, signature: String(trap?.expected['wrongSignatureUpper']) };
    const body = Buffer.from(trap?.body ?? '');
    expect(saasV2.authenticate({ method: 'POST', query, headers: {}, body }, [trap?.accessKey ?? ''], Number(query['timestamp' as keyof typeof query]))).toMatchObject({ refused: true, code: '000001' });
    expect(findMistakes({ query, body }, { base: [trap?.accessKey ?? ''], kit: [], license: [], common: [] })).toMatchObject([{ id: 'inner-plain-hash' }]);
  });

  test.each(kitSign)('$name · is the rule that a kit call sent to the base address is recognised by', ({ accessKey, body, expected }) => {
    const { 'x-timestamp': timestamp = '', 'x-nonce': nonce = '' } = expected['headers'] as Record<string, string>;
    const digest = digestOf({ key: accessKey ?? '', nonce, timestamp, payload: body ?? '', inner: 'payload', order: 'key-nonce-stamp' });
    expect(digest.toString('hex')).toBe(expected['xSignLower']);
    const query = { signature: digest.toString('hex'), nonce, timestamp };
    expect(findMistakes({ query, body: Buffer.from(body ?? '') }, { base: ['the base key'], kit: [accessKey ?? ''], license: [], common: [] })).toMatchObject([{ id: 'kit-rule' }, { id: 'other-category' }]);
  });

  test.each(bodySignVectors)('$name · Body-Sign over exactly these bytes', ({ accessKey, body, expected }) => {
    expect(bodySign(accessKey ?? '', body ?? '')).toBe(expected['header']);
    expect(verifyBodySign(String(expected['header']), accessKey ?? '', body ?? '')).toBe(true);
    expect(verifyBodySign(String(expected['header']), accessKey ?? '', `${body}\n`)).toBe(false);
  });
});

describe('saas.md §3.11, the published examples', () => {
  /** Members of each example, as §3.11 lists them. */
  const EXAMPLES: Readonly<Record<string, { readonly timestamp: number; readonly signature: string; readonly nonce: string; readonly members: readonly string[] }>> = {
    'v2-doc-newInstance': { timestamp: 1680508066618, signature: '11C4CD62', nonce: '50D83FDE', members: ['activity', 'businessId', 'orderId', 'orderLineId', 'testFlag'] },
    'v2-doc-queryInstance': { timestamp: 1680508237508, signature: '9C61F188', nonce: '9FB42E04', members: ['activity', 'instanceId', 'testFlag'] },
    'v2-doc-refreshInstance': { timestamp: 1680509496350, signature: '3F6E6652', nonce: '8BF8496A', members: ['activity', 'expireTime', 'instanceId', 'orderId', 'orderLineId', 'productId', 'scene', 'testFlag'] },
    'v2-doc-updateInstanceStatus': { timestamp: 1680509558159, signature: '95DD9FA6', nonce: '9F26B85C', members: ['activity', 'instanceId', 'status', 'testFlag'] },
    'v2-doc-releaseInstance': { timestamp: 1680509885590, signature: 'C4E5F264', nonce: 'A49E8F86', members: ['activity', 'instanceId', 'orderId', 'orderLineId', 'testFlag'] },
    'v2-doc-upgradeInstance': { timestamp: 1680510876429, signature: '9D49F9BF', nonce: 'D8FE86FA', members: ['activity', 'instanceId', 'orderId', 'orderLineId', 'testFlag'] },
    'v2-doc-orderNotify': { timestamp: 1729566664115, signature: '31BACBD8', nonce: 'Of4lsV7H', members: ['activity', 'orderId', 'orderLineId', 'testFlag'] },
  };

  test.each(published)('$name · has the members, stamp and nonce of the page, sorted and compact', ({ name, query, body }) => {
    const example = EXAMPLES[name];
    const object = JSON.parse(body ?? '') as Record<string, unknown>;
    expect(Object.keys(object)).toEqual(example?.members);
    expect(JSON.stringify(object)).toBe(body);
    expect([query?.['timestamp'], query?.['signature']?.slice(0, 8), query?.['nonce']?.slice(0, 8)]).toEqual([String(example?.timestamp), example?.signature, example?.nonce]);
  });

  test.each(published)('$name · its published signature is refused by any key of ours; signed with ours, the same call is understood as a probe', (vector) => {
    const { query, body } = vector;
    expect(open(vector, 'a key of ours')).toEqual({ refused: true, code: '000001', message: 'signature is wrong' });
    const signature = sign('a key of ours', query?.['nonce'] ?? '', query?.['timestamp'] ?? '', body ?? '');
    const opened = open({ ...vector, query: { ...query, signature } }, 'a key of ours');
    if (opened.refused) throw new Error(opened.message);
    expect(saasV2.parse(opened)).toMatchObject(activityOf(vector) === 'orderNotify' ? { refused: true, code: '000002' } : { verb: activityOf(vector), probe: true });
  });
});
