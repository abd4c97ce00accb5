import { describe, expect, it } from 'vitest';
import { verbs, type Activity } from '../../src/marketplace/saas-v2/verbs.ts';
import { RETRY_PLANS, retriesOf } from '../../src/simulator/retry-plans.ts';

const MINUTE = 60_000;

describe('the retry plans', () => {
  it('repeat a create hourly for three hours, then the order is unsubscribed', () => {
    expect(retriesOf('newInstance')).toEqual([60 * MINUTE, 120 * MINUTE, 180 * MINUTE]);
    expect(RETRY_PLANS.newInstance.map(({ ending }) => ending)).toEqual(['unsubscribed', 'unsubscribed']);
  });

  it('repeat updates for two hours, then leave them to a person', () => {
    expect(retriesOf('refreshInstance')).toHaveLength(60);
    expect(retriesOf('updateInstanceStatus').at(-1)).toBe(120 * MINUTE);
    expect(RETRY_PLANS.refreshInstance[0].ending).toBe('manual');
  });

  it('never repeat a question', () => {
    expect(retriesOf('changeInstanceCheck')).toEqual([]);
  });

  it('exist for every activity, each with its page', () => {
    expect(Object.keys(RETRY_PLANS).sort()).toEqual(Object.keys(verbs).sort());
    for (const verb of Object.keys(verbs) as Activity[]) for (const { page } of RETRY_PLANS[verb]) expect(page).toMatch(/^https:\/\//);
  });
});
