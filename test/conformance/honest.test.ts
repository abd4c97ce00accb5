import { expect, it } from 'vitest';
import { caught, check } from './checked.ts';
import { createSeller, KEY, startSeller } from './sellers/honest.ts';

const clock = { now: 1_767_225_600_123 };

/** The faulty sellers answer without a port, so what holds of them must hold over the wire too. */
it.each(['on a port', 'in the process'])('finds nothing wrong with the honest seller that the faulty ones are made of, %s', async (where) => {
  const served = where === 'on a port' ? await startSeller({}, clock) : null;
  const { url, fetch } = served === null ? createSeller({}, clock) : { url: served.url, fetch: globalThis.fetch };
  try {
    const report = await check(url, KEY, () => clock.now, { fetch });
    expect(caught(report)).toEqual({});
    expect(report.counts.passed).toBe(report.counts.total - report.counts.skipped);
  } finally {
    await served?.close();
  }
});
