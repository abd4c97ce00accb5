import { expect } from 'vitest';
import { listRefusals } from '../../src/store/journal.ts';
import { verifyBodySign } from '../../src/marketplace/signing/body-sign.ts';
import { KEY } from '../marketplace/signed-call.ts';
import { bodies } from './bodies.ts';
import { freshNonce, SECRET, type Answer, type RunningApi } from './running-api.ts';

const PRINTABLE = /^[\x20-\x7e]{1,255}$/;

/** Sends a bad call, looks at everything that is promised of it, and tries its nonce with a good one. To be compared with `refused`. */
export async function observe(api: RunningApi, send: () => Promise<Answer>, nonce: string = freshNonce()) {
  const before = await api.rows();
  const known = new Set((await listRefusals(api.store.em(), 5_000)).map(({ id }) => id));
  api.rings.length = 0;

  const { status, headers, json, text, message } = await send();

  const changed = Object.entries(await api.rows()).filter(([table, count]) => count !== before[table as keyof typeof before]);
  const rings = [...api.rings];
  // The tests' clock stands still, so the new record is known only by not having been there.
  const records = (await listRefusals(api.store.em(), 5_000)).filter(({ id }) => !known.has(id));
  const corrected = await api.call(bodies.create(), { nonce });
  return {
    status,
    contentType: headers['content-type'],
    json,
    printable: PRINTABLE.test(message),
    signed: verifyBodySign(String(headers['body-sign']), KEY, text),
    changed: changed.map(([table]) => table),
    rings,
    records: records.map(({ kit, resultCode, resultMsg, body }) => ({ kit, resultCode, sameMessage: resultMsg === message, capped: body.length <= 4_096, body })),
    secrets: [KEY, SECRET].filter((secret) => JSON.stringify(records).includes(secret)),
    corrected: corrected.code,
  };
}

/** What must be observed of a refused call: HTTP 200, signed JSON that names the field, one record, nothing changed, and its nonce not burnt. */
export function refused(code: '000001' | '000002', message: string | RegExp, body: unknown = expect.any(String)) {
  return {
    status: 200,
    contentType: 'application/json',
    json: { resultCode: code, resultMsg: typeof message === 'string' ? message : expect.stringMatching(message) },
    printable: true,
    signed: true,
    changed: ['refusal'],
    rings: [],
    records: [{ kit: 'saas-v2', resultCode: code, sameMessage: true, capped: true, body }],
    secrets: [],
    corrected: '000004',
  };
}
