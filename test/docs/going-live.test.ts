import { describe, expect, test } from 'vitest';
import { formatDuration } from '../../src/config/duration.ts';
import { CASES } from '../../src/conformance/debugging.ts';
import { verbs } from '../../src/marketplace/saas-v2/verbs.ts';
import { MOCK_ORDERS } from '../../src/simulator/open-api/mock-orders.ts';
import { RETRY_PLANS } from '../../src/simulator/retry-plans.ts';
import { read } from '../architecture/source.ts';

/** How each edition of the guide writes what the program knows as data. */
const WORDS = {
  'docs/guides/going-live.md': {
    products: ['period (包周期)', 'one-time (按次)', 'on-demand (按需)', 'upgradable, besides'],
    time: (ms: number) => formatDuration(ms),
    never: 'never',
    ending: { unsubscribed: 'unsubscribed and refunded', manual: 'left to you: restart', nothing: 'nothing' },
  },
  'docs/guides/going-live.zh-CN.md': {
    products: ['包周期', '按次', '按需', '支持升级的，另加'],
    time: (ms: number) => formatDuration(ms).replace('h', ' 小时').replace('m', ' 分钟'),
    never: '不重试',
    ending: { unsubscribed: '自动退订退款', manual: '由您手动重新启动', nothing: '无' },
  },
} as const;

describe.each(Object.entries(WORDS))('%s', (path, { products, time, never, ending }) => {
  const text = read(path);
  const rows = text.split('\n').filter((line) => line.startsWith('| '));

  test('names the debugging cases that the report judges, kind by kind', () => {
    const named = products.map((product) => new Set(rows.find((row) => row.startsWith(`| ${product}`))?.match(/(?<=`)\w+(?=`)/g)));
    expect(named).toEqual(Object.values(CASES).map((cases) => new Set(cases.filter((each) => each in verbs))));
  });

  test.each(Object.entries(RETRY_PLANS))('tells the repeats of %s as the market plays them', (verb, [plan]) => {
    const of = rows.filter((row) => row.split(' | ')[0]?.includes(`\`${verb}\``) === true);
    const [row = ''] = of;
    expect(of).toHaveLength(1);
    expect(row).toContain(` | ${plan.every === 0 ? `${never} | –` : `${time(plan.every)} | ${time(plan.during)}`} | `);
    expect(row.split(' | ')[3]).toContain(ending[plan.ending]);
  });

  test('spells the fixed orders as the order query knows them, and leaves none out', () => {
    expect([...new Set(text.match(/\bMOCK[A-Z]+\b/g))].toSorted()).toEqual(Object.keys(MOCK_ORDERS).toSorted());
  });

  test('names every activity', () => {
    expect(Object.keys(verbs).filter((verb) => !text.includes(`\`${verb}\``))).toEqual([]);
  });
});
