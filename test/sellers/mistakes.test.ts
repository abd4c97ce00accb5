import { describe, expect, it } from 'vitest';
import { KITS } from '../../src/conformance/kits.ts';
import { select } from '../../src/conformance/select.ts';
import { startMarket } from '../../src/simulator/start-market.ts';
import { caught, check } from '../conformance/checked.ts';
import { KEYS, startPython } from './child.ts';

const { KOOGALLERY_BASE_KEY: KEY, KOOGALLERY_AK: AK, KOOGALLERY_SK: SK } = KEYS;

interface Made {
  readonly mistake: string;
  /** Exactly the checks that must not pass. */
  readonly caughtBy: readonly string[];
  /** What the report calls it, where the signature itself is wrong. */
  readonly called?: readonly string[];
  /** Seen only with a real order: then these checks and groups are made. */
  readonly live?: readonly string[];
}

/** `--mistake` of the Python seller. */
const MISTAKES: readonly Made[] = [
  { mistake: 'hash-not-hmac', caughtBy: ['auth.valid'], called: ['inner-plain-hash'] },
  { mistake: 'key-with-line-end', caughtBy: ['auth.valid'], called: ['key-blank-at-end'] },
  { mistake: 'capitals-not-minded', caughtBy: ['auth.valid'], called: ['letters-compared'] },
  { mistake: 'dumped-with-blanks', caughtBy: ['auth.valid'], called: ['json-blanks'] },
  { mistake: 'dumped-unsorted', caughtBy: ['body.sorted-after', 'body.blanks', 'body.escapes', 'body.numbers'] },
  { mistake: 'dumped-in-ascii', caughtBy: ['body.unsorted', 'body.blanks', 'body.chinese', 'body.escapes', 'body.numbers'] },
  // The saved case of changeInstanceCheck holds a number, and so does a testFlag of 1.
  { mistake: 'numbers-as-floats', caughtBy: ['probe.changeInstanceCheck', 'probe.flag-number', 'body.unsorted', 'body.blanks', 'body.escapes'] },
  { mistake: 'one-sided-clock', caughtBy: ['auth.future-stamp', 'auth.future-stamp-seconds'] },
  { mistake: 'nonces-forgotten', caughtBy: ['auth.nonce-other-body'] },
  { mistake: 'status-401', caughtBy: ['envelope.status-bad-signature', 'envelope.status-missing-parameter'] },
  { mistake: 'flask-bad-request', caughtBy: ['envelope.status-broken-json', 'envelope.status-broken-text', 'envelope.status-empty-body', 'envelope.status-nested-deep', 'envelope.content-type', 'envelope.json'] },
  { mistake: 'text-html', caughtBy: ['envelope.content-type'] },
  // Carried out, a debugging create is answered 000004: the first check of all.
  { mistake: 'test-flag-as-number', caughtBy: ['auth.valid'] },
  { mistake: 'instance-from-business-id', caughtBy: ['idempotency.business-id', 'create.repeat', 'create.parallel'], live: ['idempotency', 'create', 'life'] },
  { mistake: 'blocking-create', caughtBy: ['create.time'], live: ['create.answer', 'create.time'] },
];

describe('the seller in Python with one mistake is caught by the checks meant for it, and by no other', () => {
  it.each(MISTAKES.map((made) => [made.mistake, made] as const))('%s', async (mistake, { caughtBy, called = [], live }) => {
    const now = (): number => Date.now();
    const market = await startMarket({ keys: { base: KEY, ak: AK, sk: SK }, now });
    // What is made by mistake must not become ready in the middle of a run of probes.
    const seller = await startPython({ ...KEYS, KOOGALLERY_OPEN_API: market.openApiUrl, SELLER_MAKING: live === undefined ? '600' : '0.1' }, '--mistake', mistake);
    try {
      market.setSeller(seller.url);
      const purchase = { skuCode: 'notes', productId: 'notes-month' };
      const options = live === undefined ? {} : { wanted: select(KITS['saas-v2'], live, []).wanted, live: { market, url: seller.url, purchase, pace: { every: 50, limit: 20_000 } } };
      const report = await check(seller.url, KEY, now, options);
      expect(Object.keys(caught(report)).toSorted()).toEqual(caughtBy.toSorted());
      expect(report.mistakes.map(({ id }) => id)).toEqual(called);
    } finally {
      const { err } = await seller.stop();
      await market.close();
      // A mistake is one of judgement; what broke the seller itself would be caught for another reason.
      expect(err).toBe('');
    }
  });
});
