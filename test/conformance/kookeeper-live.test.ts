import { expect, it } from 'vitest';
import { KITS } from '../../src/conformance/kits.ts';
import { select } from '../../src/conformance/select.ts';
import { listInstances } from '../../src/operations/list-instances.ts';
import { eventually, startEngine } from '../support/engine.ts';
import { caught, check, rows } from './checked.ts';

const LIVE = KITS['saas-v2'].filter(({ needs }) => needs === 'live').map(({ id }) => id);

it('kookeeper passes every live check, its worker and Temporal behind it, and is left without a usable instance', async () => {
  const engine = await startEngine({ clocks: { keep: '100ms' } });
  try {
    const { market, config, api, store } = engine;
    const url = `http://127.0.0.1:${api.port}/koogallery/saas`;
    const [key = ''] = config.keys.base;
    const report = await check(url, key, () => Date.now(), {
      wanted: select(KITS['saas-v2'], LIVE, []).wanted,
      live: { market, url, purchase: { skuCode: 'notes', productId: 'notes-month', linearValue: 5 }, pace: { every: 100, limit: 30_000 } },
    });
    expect(caught(report)).toEqual({});
    expect([report.status, report.verdict, report.left]).toEqual(['finished', 'passed', []]);
    expect(rows(report).filter(({ id, skip }) => LIVE.includes(id) && skip !== null)).toEqual([]);
    // A release is a promise that the worker keeps a moment later.
    await eventually(async () => (await listInstances(store, { limit: 10, phase: 'released' })).length === 5);
  } finally {
    await engine.stop();
  }
});
