import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { confirm } from '../../src/cli/confirm.ts';
import { main } from '../../src/cli/main.ts';
import { apply, begin } from '../../src/lifecycle/apply.ts';
import { HAND } from '../../src/lifecycle/hand.ts';
import type { LifeState } from '../../src/lifecycle/state.ts';
import { listCommands } from '../../src/store/mailbox.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { getSealed } from '../../src/store/sealed.ts';
import { createSealer } from '../../src/store/sealer.ts';
import { storeState } from '../../src/store/state.ts';
import { bought, ERROR, ORDER, PROVISION } from '../lifecycle/samples.ts';
import { create, identity, nextState, NOW } from '../store/samples.ts';
import { kookeeper } from '../support/kookeeper.ts';

const { id, orderLineId } = identity();
const SECRET = 'a-secret-of-this-test-that-is-long-enough';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kookeeper-hand-'));
  store = await openStore({ kind: 'sqlite', file: join(folder, 'data', 'kookeeper.db') });
  await store.migrate();
  await create(store);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Nobody says where Temporal is, unless a test does: the command is left to the sweeper. */
async function run(args: readonly string[], env: Record<string, string> = {}) {
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({ write: (text: string) => void (written[name] += text) });
  const code = await main(['instance', ...args], { stdout: stream('stdout'), stderr: stream('stderr'), env, cwd: folder });
  return { code, ...written };
}
const known = (state: LifeState): LifeState => apply(state, ORDER, bought(NOW), NOW);
const failing = (state: LifeState): LifeState => apply(begin(known(state), PROVISION, NOW), PROVISION, ERROR, NOW);
const built = (state: LifeState): LifeState => apply(begin(known(state), PROVISION, NOW), PROVISION, { end: 'done' }, NOW);
const becomes = async (change: (state: LifeState) => LifeState): Promise<void> => {
  await storeState(store.em(), change(await nextState(store, { taken: 1 })), 'run-1', NOW);
};
const mailbox = async () => (await listCommands(store.em(), id)).map(({ instruction }) => instruction);
const access = (content: unknown, name = 'access.json'): string => {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

describe('a person’s commands', () => {
  test.each([
    [['retry'], { kind: 'retry' }],
    [['hold'], { kind: 'hold' }],
    [['freeze'], { kind: 'freeze' }],
    [['abandon'], { kind: 'abandon', code: '000104', message: 'given up by the seller' }],
    [['abandon', '--code', '000106', '--message', 'sold out'], { kind: 'abandon', code: '000106', message: 'sold out' }],
    [['release', '--yes'], { kind: 'release', unsubscribed: false }],
  ])('%j is admitted with exit code 0, and says what comes next', async ([verb = '', ...flags], instruction) => {
    const { code, stdout } = await run([verb, orderLineId, ...flags, '--wait', '0']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^command +2$/m);
    expect(stdout).toMatch(/^outcome +waiting$/m);
    expect(stdout).toMatch(/^next +it is admitted and kept: it is carried out as soon as/m);
    expect((await mailbox())[1]).toEqual(instruction);
  });

  test('as JSON: one object with everything', async () => {
    const { code, stdout, stderr } = await run(['hold', id, '--wait', '0', '--output', 'json']);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ action: 'hold', instanceId: id, orderLine: orderLineId, command: 2, outcome: 'waiting', detail: null, phase: 'creating', needsPerson: null });
  });

  test('that were so already end with 0 and append nothing', async () => {
    await becomes(built);
    const { code, stdout } = await run(['unhold', id, '--output', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ command: null, outcome: 'done', detail: 'it was so already', next: null });
    expect(await mailbox()).toHaveLength(1);
  });

  test('that cannot be done now end with 1 and the reason', async () => {
    const { code, stdout, stderr } = await run(['cancel-release', orderLineId]);
    expect([code, stdout, stderr]).toEqual([1, '', `kookeeper: ${orderLineId}: it has not been released\n`]);
    expect(JSON.parse((await run(['cancel-release', id, '--output', 'json'])).stdout)).toEqual({ error: { code: 'NOT_NOW', message: `${orderLineId}: it has not been released` } });
  });

  test.each(['retry', 'complete', 'abandon', 'release'])('%s of an instance that is not there ends with 1 and says how to find it', async (verb) => {
    const { code, stderr } = await run([verb, 'CS9-000001']);
    expect(code).toBe(1);
    expect(stderr).toContain('no instance CS9-000001');
    expect(stderr).toContain('instance list');
  });

  test.each([
    [['abandon', '--code', '000108'], 'code must be one of 000100 to 000107'],
    [['abandon', '--message', '售罄'], 'printable ASCII'],
    [['retry', '--wait', 'soon'], 'give a length of time'],
    [['hold', '--until', 'tomorrow'], "unknown option '--until'"],
    [['complete', '--access', 'a.json', '--no-access'], 'not both'],
  ])('%j is bad input: 2, and nothing is done', async ([verb = '', ...flags], said) => {
    const { code, stderr } = await run([verb, id, ...flags]);
    expect(code).toBe(2);
    expect(stderr).toContain(said);
    expect(await mailbox()).toHaveLength(1);
  });

  test('wait for the outcome that a workflow stores', async () => {
    const running = run(['hold', id, '--wait', '30s', '--output', 'json']);
    await expect.poll(() => mailbox(), { timeout: 20_000 }).toHaveLength(2);
    const state = await nextState(store, { taken: 2, settled: [{ seq: 2, outcome: 'done', at: NOW }] });
    await storeState(store.em(), { ...state, desired: { ...state.desired, held: true } }, 'run-1', NOW);
    const { code, stdout, stderr } = await running;
    expect(JSON.parse(stdout)).toMatchObject({ command: 2, outcome: 'done', next: null });
    expect([code, stderr]).toEqual([0, 'command 2 is in the mailbox; waiting up to 30s for its outcome\n']);
  });

  test('that the life overtook end with 1 and the reason', async () => {
    const running = run(['abandon', id, '--wait', '30s', '--output', 'json']);
    await expect.poll(() => mailbox(), { timeout: 20_000 }).toHaveLength(2);
    await storeState(store.em(), await nextState(store, { taken: 2, settled: [{ seq: 2, outcome: 'failed', at: NOW, detail: 'too late' }] }), 'run-1', NOW);
    const { code, stdout } = await running;
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { outcome: 'failed', detail: 'too late' }]);
  });

  test('succeed while Temporal is down, and say so', async () => {
    // Port 9 is discard: nobody listens there.
    const { code, stdout } = await run(['freeze', id, '--output', 'json'], { TEMPORAL_ADDRESS: '127.0.0.1:9' });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ command: 2, outcome: 'waiting', next: expect.stringContaining('Temporal does not answer') as string });
  }, 30_000);

  test('run as a process of their own, and end', async () => {
    const { code, out, err } = await kookeeper(['instance', 'retry', orderLineId, '--wait', '0', '--output', 'jsonl'], folder, {}).ended;
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({ action: 'retry', command: 2 });
  }, 30_000);

  test.each(['retry', 'complete', 'abandon', 'hold', 'unhold', 'freeze', 'unfreeze', 'release', 'cancel-release'])('%s explains itself', async (verb) => {
    const { code, stdout } = await run([verb, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`$ kookeeper instance ${verb} `);
    expect(stdout).toMatch(/--wait <time>[^]*default: 10s/);
  });

  test('there is one for each row of the table', async () => {
    const { stdout } = await run(['--help']);
    for (const kind of Object.keys(HAND)) expect(stdout).toMatch(new RegExp(`^ {2}${kind.replace('cancelRelease', 'cancel-release')} `, 'm'));
  });
});

describe('access data of what was done by hand', () => {
  const GOOD = { frontEndUrl: 'https://app.example/t/1', userName: 'admin', password: 'pass-of-the-buyer', memo: 'x'.repeat(1024) };
  beforeEach(() => becomes(failing));

  test('are sealed with the command, and printed nowhere', async () => {
    const { code, stdout, stderr } = await run(['complete', id, '--access', access(GOOD), '--wait', '0'], { KOOKEEPER_SECRET: SECRET });
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain('pass-of-the-buyer');
    expect(JSON.parse((await getSealed(store.em(), createSealer([SECRET]), id, 'access')) ?? '')).toEqual(GOOD);
    expect((await mailbox())[1]).toEqual({ kind: 'complete' });
  });

  test('from standard input', async () => {
    const command = kookeeper(['instance', 'complete', id, '--access', '-', '--wait', '0'], folder, { KOOKEEPER_SECRET: SECRET }, JSON.stringify(GOOD));
    expect(await command.ended).toMatchObject({ code: 0, err: '' });
    expect(await mailbox()).toHaveLength(2);
  }, 30_000);

  test('must be there, or their absence meant', async () => {
    const refused = await run(['complete', id]);
    expect([refused.code, await mailbox()]).toMatchObject([1, { length: 1 }]);
    expect(refused.stderr).toContain('--access');
    expect(refused.stderr).toContain('--no-access');
    expect((await run(['complete', id, '--no-access', '--wait', '0'])).code).toBe(0);
    expect(await mailbox()).toHaveLength(2);
  });

  test.each([
    ['no address', { userName: 'admin' }, 'frontEndUrl is not text'],
    ['an address that is none', { ...GOOD, frontEndUrl: 'app.example' }, 'frontEndUrl is not a web address'],
    ['a longer address', { frontEndUrl: `https://a.example/${'x'.repeat(512)}` }, 'frontEndUrl is longer than 512'],
    ['a longer admin address', { ...GOOD, adminUrl: `https://a.example/${'x'.repeat(512)}` }, 'adminUrl is longer than 512'],
    ['a longer user name', { ...GOOD, userName: 'u'.repeat(129) }, 'userName is longer than 128'],
    ['a longer password', { ...GOOD, password: 'pass-of-the-buyer'.repeat(8) }, 'password is longer than 128'],
    ['a longer memo', { ...GOOD, memo: 'x'.repeat(1025) }, 'memo is longer than 1024'],
    ['another member', { ...GOOD, pasword: 'pass-of-the-buyer' }, 'nothing else'],
    ['a list', [GOOD], 'is not an object'],
    ['no JSON', '{"password":"pass-of-the-buyer"', 'is not an object'],
  ])('with %s are refused without being repeated', async (_, content, said) => {
    const { code, stderr, stdout } = await run(['complete', id, '--access', access(content)], { KOOKEEPER_SECRET: SECRET });
    expect(code).toBe(2);
    expect(stderr).toContain(said);
    expect(stderr + stdout).not.toContain('pass-of-the-buyer');
    expect(await mailbox()).toHaveLength(1);
  });

  test('need the secret, and a file', async () => {
    expect(await run(['complete', id, '--access', access(GOOD)])).toMatchObject({ code: 2, stderr: expect.stringContaining('set KOOKEEPER_SECRET') as string });
    expect(await run(['complete', id, '--access', join(folder, 'nothing.json')], { KOOKEEPER_SECRET: SECRET })).toMatchObject({ code: 2, stderr: expect.stringContaining('ENOENT') as string });
  });
});

describe('a release', () => {
  test('is asked for twice where nobody is there to answer: without --yes it ends with 2 and says what would happen', async () => {
    expect((await run(['release', id])).stderr).toContain('(creating)? Nothing more is built for it');
    await becomes(built);
    const { code, stderr } = await run(['release', id]);
    expect([code, await mailbox()]).toMatchObject([2, { length: 1 }]);
    expect(stderr).toContain(`Release ${orderLineId} (active)? Access ends now, and its data are removed 3d later`);
    expect(stderr).toContain('--yes');
  });

  test.each([['y\n', true], ['YES\n', true], ['n\n', false], ['\n', false], ['yesterday\n', false], ['', false]])('%j at the prompt: %s', async (typed, released) => {
    const input = new PassThrough();
    const output = new PassThrough();
    const answer = confirm('Release?', { input, output });
    input.end(typed);
    expect(await answer).toBe(released);
    expect(String(output.read())).toContain('Release? [y/N]');
  });
});

describe('what is shown', () => {
  test('why a person is needed and what to do, in the list and at the instance', async () => {
    await becomes((state) => ({ ...failing(state), needsPerson: { 'effect-failing': { since: NOW, detail: 'no room' } } }));
    expect((await run(['list', '--needs-person'])).stdout).toMatch(/ effect-failing\b/m);
    const { stdout } = await run(['show', id]);
    expect(stdout).toMatch(/^needsPerson +effect-failing \(no room\)$/m);
    expect(stdout).toMatch(/^effect-failing +2026-11-21 00:00:00 +read the last error, mend its cause, then retry/m);
    expect(stdout).toMatch(/^createWindowEnds /m);
    expect(stdout).toMatch(/^held +no$/m);
  });

  test('how each command ended, and why', async () => {
    await becomes((state) => ({ ...state, settled: [{ seq: 1, outcome: 'failed', at: NOW, detail: 'sold out' }] }));
    expect((await run(['show', id])).stdout).toMatch(/ create +marketplace +failed +2026-11-21 00:00:00 +sold out$/m);
  });
});
