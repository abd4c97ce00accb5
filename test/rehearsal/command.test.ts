import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { kookeeper } from '../support/kookeeper.ts';

const DAY = 24 * 60 * 60_000;

interface Told {
  readonly ok: boolean;
  readonly skuCode: string;
  readonly level: string;
  readonly failures: readonly { readonly path: string; readonly text: string }[];
  readonly clockActs: readonly { readonly clock: string; readonly due: number }[];
  readonly end: { readonly phase: string; readonly paidUntil: number };
  readonly lines: readonly { readonly who: string; readonly what: string }[];
}

describe('kookeeper rehearse', () => {
  let folder: string;
  let env: Readonly<Record<string, string>>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kookeeper-rehearse-test-'));
    // A Temporal that others use is given, and must not be used.
    env = { TMPDIR: folder, KOOKEEPER_WORKFLOW_BUNDLE: inject('workflowBundlePath'), TEMPORAL_ADDRESS: 'localhost:1' };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const left = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.startsWith('kookeeper-rehearsal-'));
  const file = async (name: string, content: unknown): Promise<string> => {
    await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
    return name;
  };

  it('rehearses the clocks of a configuration on a server of its own, without its keys and secrets, and leaves nothing behind', { timeout: 120_000 }, async () => {
    const config = await file('kookeeper.config.json', {
      products: [{ skuCode: 'team', provisioner: { kind: 'postgres-tenant', options: { adminUrl: { fromEnvironment: 'NOT_SET_HERE' } } }, clocks: { graceEstimated: '36h', onRetention: 'release' } }],
      clocks: { warn: '2d', retention: '1d', keep: '1h' },
      operator: { host: '0.0.0.0' },
    });
    const scenario = await file('forgotten.json', { steps: [{ do: 'pause-platform' }] });
    const { code, out, err } = await kookeeper(['rehearse', scenario, '--config', config, '--months', '2', '--level', 'V5', '--output', 'json'], folder, env).ended;
    expect(err).toContain('no system of yours is touched');
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    const { ok, skuCode, level, clockActs, end, lines } = JSON.parse(out) as Told;
    expect({ ok, skuCode, level, phase: end.phase }).toEqual({ ok: true, skuCode: 'team', level: 'V5', phase: 'released' });
    expect(clockActs.map(({ clock }) => clock)).toEqual(['warn', 'grace over: freeze', 'retention over: release', 'keep over: remove']);
    const ends = Math.floor(end.paidUntil / 1000) * 1000;
    expect(clockActs.slice(0, 2).map(({ due }) => due - ends)).toEqual([-2 * DAY, 1.5 * DAY]);
    expect(lines.at(-1)).toMatchObject({ who: 'engine', what: 'remove' });
    expect(await left()).toEqual([]);
  });

  it('ends with 1 and the reason when an expectation does not hold', { timeout: 120_000 }, async () => {
    const scenario = await file('wrong.json', { buy: { periodType: 'month' }, steps: [{ after: '1d', do: 'violate', expect: { phase: 'active' } }], until: '2d' });
    const { code, out } = await kookeeper(['rehearse', scenario], folder, env).ended;
    expect(out).toMatch(/^ +1\.0 .* market +FREEZE +000000/m);
    expect(out).toContain('✗ steps[0]: the phase is frozen, want active');
    expect(out).toMatch(/0 broken/);
    expect(code).toBe(1);
  });

  it.each([
    ['a scenario that cannot be played', ['bad.json'], 'steps[1].after is not a length of time'],
    ['a file that is not JSON', ['text.json'], 'text.json is not JSON'],
    ['a file that is not there', ['nowhere.json'], 'nowhere.json cannot be read'],
    ['a configuration that cannot be used', ['--config', 'nowhere.config.json'], 'names a file that cannot be read'],
    ['a product that the configuration does not list', ['--config', 'listed.config.json', '--sku', 'teem'], 'the configuration does not serve teem / product-rehearsed; it lists team'],
    ['a level that there is none of', ['--level', 'V9'], 'give one of V0'],
  ])('ends with 2 for %s', { timeout: 60_000 }, async (_what, args, reason) => {
    await file('bad.json', { steps: [{ do: 'look' }, { after: 'soon', do: 'look' }] });
    await file('text.json', 'once upon a time');
    await file('listed.config.json', { products: [{ skuCode: 'team', provisioner: { kind: 'sqlite-tenant' } }] });
    const { code, err } = await kookeeper(['rehearse', ...args], folder, env).ended;
    expect(err).toContain(reason);
    expect(code).toBe(2);
    expect(await left()).toEqual([]);
  });

  it('ends with 3 when it is interrupted, and leaves nothing behind', { timeout: 120_000 }, async () => {
    const { child, ended, out } = kookeeper(['rehearse', '--output', 'jsonl'], folder, env);
    await eventually(async () => out().includes('"line"'));
    child.kill('SIGINT');
    expect((await ended).code).toBe(3);
    expect(await left()).toEqual([]);
  });
});
