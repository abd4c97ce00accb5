import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchSeller, type Contact, type Heard } from '../../../src/simulator/page/contact.ts';
import { startSeller, type Seller } from '../seller.ts';
import { KEY } from '../stage.ts';

describe('the watch over the seller’s address', () => {
  let seller: Seller;
  let contact: Contact;
  let at: number;
  let changes: number;
  beforeEach(async () => {
    seller = await startSeller(KEY);
    at = 1_000;
    changes = 0;
    const { url } = seller;
    contact = watchSeller({ seller: () => url, now: () => at, wait: (ms, signal) => delay(ms, undefined, { signal }), changed: () => void (changes += 1) });
  });
  afterEach(() => seller.close());

  const call = (failure: string | null, trouble: string | null = null): Heard => ({ at, ms: 10, verb: 'newInstance', failure, trouble });

  it('looks without a request, and tells of changes alone', async () => {
    await contact.look();
    expect([contact.silence(), changes]).toEqual([null, 0]);
    await seller.close();
    await contact.look();
    await contact.look();
    expect([contact.silence(), changes]).toEqual(['nothing listens there (ECONNREFUSED)', 1]);
    seller = await startSeller(KEY, Number(new URL(seller.url).port));
    await contact.look();
    expect([contact.silence(), changes]).toEqual([null, 2]);
    expect(seller.received).toEqual([]);
  });

  it('takes a call that was not reached at its word until something listens again', async () => {
    contact.heard(call('unreachable: ECONNRESET'));
    expect(contact.silence()).toBe('newInstance unreachable: ECONNRESET');
    at += 10;
    await contact.look();
    expect([contact.silence(), changes]).toEqual([null, 1]);
  });

  it('is not calmed about a call that timed out by a port that listens, but by the next answer', async () => {
    contact.heard(call('timed out'));
    at += 1_000;
    await contact.look();
    expect(contact.silence()).toBe('newInstance timed out');
    contact.heard(call(null));
    expect(contact.silence()).toBeNull();
  });

  it('is not calmed about it by an old start of the seller, but by a new one', async () => {
    await seller.close();
    await contact.look();
    const port = Number(new URL(seller.url).port);
    seller = await startSeller(KEY, port);
    await contact.look();
    at += 1_000;
    contact.heard(call('timed out'));
    expect(contact.silence()).toBe('newInstance timed out');
    at += 1_000;
    await seller.close();
    await contact.look();
    seller = await startSeller(KEY, port);
    await contact.look();
    expect(contact.silence()).toBeNull();
  });

  it('knows an answer that was lost on purpose', () => {
    contact.heard(call('timed out', 'lost-answer, skew'));
    expect(contact.silence()).toBeNull();
  });
});
