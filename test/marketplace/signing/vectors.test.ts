import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { openUrlSigned } from '../../../src/marketplace/envelopes/url-signature.ts';
import { findMistakes } from '../../../src/marketplace/explain/explain.ts';
import { verbs } from '../../../src/marketplace/saas-v2/verbs.ts';
import { verifyBodySign } from '../../../src/marketplace/signing/body-sign.ts';
import { VECTOR_CASES } from '../../../src/marketplace/signing/vector-cases.ts';
import { vectors, type SignatureVector } from '../../../src/marketplace/signing/vectors.ts';
import { holds } from './independent.ts';

const { now, signatures, bodySign } = vectors();
const rows = signatures.map((vector) => [vector.name, vector] as const);
const published = new URL('../../../docs/reference/signature-vectors.json', import.meta.url);

function received({ url, bodyBase64 }: SignatureVector) {
  return { method: 'POST', query: Object.fromEntries(new URL(url).searchParams), headers: {}, body: Buffer.from(bodyBase64, 'base64') };
}

/** Runs the Python receiver. A missing Python fails: vectors for other languages that no other language has checked are worth little. */
function checkedByPython(input: string): unknown {
  try {
    return JSON.parse(execFileSync('python3', [fileURLToPath(new URL('verify_vectors.py', import.meta.url))], { input, encoding: 'utf8' }));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw new Error('python3 is not on PATH: this test checks the vectors in a second language, so install Python 3', { cause: error });
    throw error;
  }
}

describe('the test vectors', () => {
  it('cover every activity, and their names are unique', () => {
    const names = signatures.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(verbs)));
    expect(new Set(names).size).toBe(names.length);
    for (const verb of Object.keys(verbs)) expect(JSON.parse(signatures.find(({ name }) => name === verb)?.body ?? '')).toMatchObject({ activity: verb });
  });

  it('hold what receivers get wrong: non-ASCII, escapes, big numbers, nesting, empty texts, nulls', () => {
    const bodies = VECTOR_CASES.map(({ body }) => body).join('\n');
    for (const part of ['实例', '\\"', '\\u0001', '9007199254740993', '1.10', '"productInfo":{', '""', 'null', '\n']) expect(bodies).toContain(part);
    expect(signatures.filter((vector) => !vector.holds).length).toBeGreaterThanOrEqual(9);
  });

  test.each(rows)('%s: our door says the same', (_name, vector) => {
    const opened = openUrlSigned(received(vector), [vector.accessKey], now);
    expect(opened).toMatchObject(vector.holds ? { refused: false, evidence: { matched: vector.steps.signed } } : { refused: true, code: '000001' });
  });

  test.each(rows)('%s: an implementation apart says the same', (_name, vector) => {
    const { query, body } = received(vector);
    expect(query).toEqual(vector.query);
    expect(body.toString()).toBe(vector.body);
    expect(holds({ accessKey: vector.accessKey, query: vector.query, body })).toBe(vector.holds ? vector.steps.signed : null);
  });

  test('Python finds every step and every verdict the same', () => {
    expect(checkedByPython(JSON.stringify(vectors()))).toEqual({ checked: signatures.length + bodySign.length, wrong: {} });
  });

  test('Python would notice a wrong step, a wrong verdict and a wrong answer', () => {
    const [first, ...others] = signatures;
    const [answer] = bodySign;
    const spoilt = { signatures: [{ ...first, holds: false }, { ...others[0], steps: { ...others[0]?.steps, inner: '' } }], bodySign: [{ ...answer, digestHex: '' }] };
    expect(checkedByPython(JSON.stringify(spoilt))).toMatchObject({ wrong: { newInstance: ['holds'], queryInstance: ['inner'], 'answer success': ['bodySign'] } });
  });

  test.each(bodySign.map((vector) => [vector.name, vector] as const))('Body-Sign of an answer (%s) belongs to exactly its bytes', (_name, { accessKey, header, bodyBase64 }) => {
    const value = header.slice('Body-Sign: '.length);
    const body = Buffer.from(bodyBase64, 'base64');
    expect(verifyBodySign(value, accessKey, body)).toBe(true);
    expect(verifyBodySign(value, accessKey, Buffer.concat([body, Buffer.from(' ')]))).toBe(false);
  });

  test.each([['refused-key-with-line-end', 'key-blank-at-end'], ['refused-plain-hash', 'inner-plain-hash'], ['refused-upper-case-inner', 'inner-upper-case']])('%s is the mistake %s', (name, mistake) => {
    const vector = signatures.find((one) => one.name === name);
    if (vector === undefined) throw new Error(`no vector ${name}`);
    expect(findMistakes(received(vector), { base: [vector.accessKey], kit: [], license: [], common: [] }).map(({ id }) => id)).toEqual([mistake]);
  });

  test('the published file is what `kookeeper vectors` writes (write it anew with `node bin/kookeeper.js vectors --file docs/reference/signature-vectors.json`)', () => {
    expect(readFileSync(published, 'utf8')).toBe(`${JSON.stringify(vectors(), null, 2)}\n`);
  });
});
