import { describe, expect, it } from 'vitest';
import { openUrlSigned } from '../../../src/marketplace/envelopes/url-signature.ts';
import { signatureTrials } from '../../../src/marketplace/explain/verify-steps.ts';
import { KEY, NOW, signedCall } from '../signed-call.ts';

const SORTED = '{"activity":"queryInstance","instanceId":"i-1"}';
const UNSORTED = '{"instanceId":"i-1", "activity":"queryInstance"}';
const KEYS = ['a-newer-key', KEY];

describe('the trials of a signature', () => {
  it.each([
    ['the bytes', signedCall(SORTED), 'raw', 2],
    ['a body in no order that was signed as it is', signedCall(UNSORTED), 'raw', 4],
    ['a body that was written anew on its way', signedCall(UNSORTED, { payload: SORTED }), 'reserialised', 4],
  ] as const)('find the form and the key as the door does: %s', (_what, call, form, count) => {
    const trials = signatureTrials(call, KEYS);
    expect(trials).toHaveLength(count);
    const [holding, ...others] = trials.filter(({ holds }) => holds);
    expect(others).toEqual([]);
    const opened = openUrlSigned(call, KEYS, NOW);
    if (opened.refused) throw new Error(opened.message);
    expect(holding).toMatchObject({ form, key: 1 });
    expect(opened.evidence).toMatchObject({ matched: form, key: 1 });
    expect(holding?.signature).toBe(call.query['signature']);
  });

  it('hold for nothing where no key of ours signed, and show no key', () => {
    const trials = signatureTrials(signedCall(SORTED, { key: 'a-strange-key' }), KEYS);
    expect(trials.map(({ holds }) => holds)).toEqual([false, false]);
    for (const key of KEYS) expect(JSON.stringify(trials)).not.toContain(key);
  });

  it('look only at the bytes of what is no JSON object', () => {
    expect(signatureTrials(signedCall('no json'), [KEY])).toMatchObject([{ form: 'raw', holds: true }]);
  });
});
