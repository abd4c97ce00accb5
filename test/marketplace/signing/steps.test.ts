import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sign } from '../../../src/marketplace/signing/body-signature.ts';
import { KEY_MARK, signatureSteps } from '../../../src/marketplace/signing/steps.ts';
import { KEY, NONCE } from '../signed-call.ts';

const STAMPED = { nonce: NONCE, timestamp: '1767225600123' };
const PAYLOAD = '{"activity":"queryInstance","instanceId":"实例-😀"}';
const hmac = (text: string): string => createHmac('sha256', KEY).update(text).digest('hex');

describe('the steps of a signature', () => {
  it('are the published ones, each computed from the one before', () => {
    const { steps, signature } = signatureSteps(KEY, STAMPED, PAYLOAD);
    const [payload, inner, message, last] = steps;
    expect(steps.map(({ name }) => name)).toEqual(['payload', 'inner', 'message', 'signature']);
    expect(payload).toMatchObject({ value: PAYLOAD, bytes: Buffer.byteLength(PAYLOAD), sha256: createHash('sha256').update(PAYLOAD).digest('hex') });
    expect(inner?.value).toBe(hmac(PAYLOAD));
    expect(message?.value).toBe(`${KEY_MARK}${STAMPED.nonce}${STAMPED.timestamp}${inner?.value}`);
    expect(last?.value).toBe(hmac((message?.value ?? '').replace(KEY_MARK, KEY)).toUpperCase());
    expect(signature).toBe(last?.value);
  });

  it('end in the signature that is sent, for bytes as for text', () => {
    const bytes = Uint8Array.from([0x7b, 0xff, 0x7d]);
    expect(signatureSteps(KEY, STAMPED, bytes).signature).toBe(sign(KEY, STAMPED.nonce, STAMPED.timestamp, bytes));
    expect(signatureSteps(KEY, STAMPED, bytes).steps[0]).toMatchObject({ bytes: 3, sha256: createHash('sha256').update(bytes).digest('hex') });
  });

  it('never show the access key', () => {
    expect(JSON.stringify(signatureSteps(KEY, STAMPED, PAYLOAD))).not.toContain(KEY);
  });
});
