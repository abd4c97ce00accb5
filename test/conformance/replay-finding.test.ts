import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepFailures, keptFailureOf, keptIds } from '../../src/cli/kept-failures.ts';
import { failureId, isFailureId } from '../../src/conformance/failure.ts';
import type { Report } from '../../src/conformance/report.ts';
import { run as runCommand } from '../cli/run.ts';
import { rows } from './checked.ts';
import { HONEST, KEY, refusal, startSeller, type Answer, type Parts, type Seller } from './sellers/honest.ts';
import { living } from './sellers/living.ts';

const clock = { get now() { return Date.now(); }, set now(_: number) { throw new Error('this clock is the machine’s'); } };
const env = { KOOGALLERY_BASE_KEY: KEY };
let cwd: string;
/** What the seller does now; a test mends it or breaks it. */
let parts: Partial<Parts>;
let received: { readonly query: string; readonly body: string }[];
let seller: Seller;
beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'kookeeper-replay-finding-'));
  parts = {};
  received = [];
  seller = await startSeller(
    {
      parts: (query) => {
        received.push({ query: query.toString(), body: '' });
        return HONEST.parts(query);
      },
      parse: (raw) => {
        received[received.length - 1] = { query: received.at(-1)?.query ?? '', body: raw.toString() };
        return HONEST.parse(raw);
      },
      answer: (body, state): Answer | Promise<Answer> => (parts.answer ?? HONEST.answer)(body, state),
      nonce: (used, nonce, raw) => (parts.nonce ?? HONEST.nonce)(used, nonce, raw),
    },
    clock,
  );
});
afterEach(async () => {
  await seller.close();
  rmSync(cwd, { recursive: true, force: true });
});

const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}) => runCommand(args, { ...env, ...more }, cwd);
/** Runs the checks and returns how the finding is replayed. */
async function found(check: string): Promise<string> {
  const { stdout } = await run(['check', seller.url, '--output', 'json']);
  const item = rows(JSON.parse(stdout) as Report).find(({ id }) => id === check);
  return item?.replay ?? expect.unreachable(`${check} found nothing`);
}
const noUnknown: Partial<Parts> = { answer: (body, state) => (String(body['orderId']).startsWith('MOCK') || body['activity'] !== 'newInstance' ? HONEST.answer(body, state) : refusal('000005', 'no such order')) };

describe('replay of a finding', () => {
  it('sends the same body to the same address, signed afresh, and says FAILED, then FIXED', async () => {
    parts = noUnknown;
    const id = await found('probe.unknown-newInstance');
    const sent = received.filter(({ body }) => body.includes('newInstance') && !body.includes('MOCK')).map(({ body }) => body);
    received = [];
    expect(await run(['replay', id])).toMatchObject({ code: 1, stdout: expect.stringMatching(/\n {2}Want {3}000000\n.*\nFAILED: resultCode is 000005\n$/s) });
    const again = received.at(-1);
    expect(sent).toContain(again?.body);
    parts = {};
    const fixed = await run(['replay', id]);
    expect([fixed.code, fixed.stdout]).toEqual([0, expect.stringMatching(/\nFIXED\n$/)]);
    expect(received.at(-1)?.body).toBe(again?.body);
    expect(received.at(-1)?.query).not.toBe(again?.query);
    // It goes on being known: what was mended may break again.
    parts = noUnknown;
    expect((await run(['replay', id])).code).toBe(1);
  });

  it('makes a check of several calls again as a whole', async () => {
    parts = { nonce: () => true };
    const id = await found('auth.nonce-other-body');
    received = [];
    expect((await run(['replay', id])).code).toBe(1);
    // The gate, then the two calls of the check.
    expect(received.map(({ query }) => new URLSearchParams(query).get('nonce')).filter((nonce, index, all) => all.indexOf(nonce) !== index)).toHaveLength(1);
    parts = {};
    expect((await run(['replay', id])).code).toBe(0);
  });

  it('says ERROR when nobody answers, and when what the check builds on fails now', async () => {
    parts = noUnknown;
    const id = await found('probe.unknown-newInstance');
    parts = { answer: () => refusal('000005', 'broken') };
    expect(await run(['replay', id])).toMatchObject({ code: 3, stdout: expect.stringContaining('ERROR: blocked by auth.valid') });
    expect(await run(['replay', id, '--to', 'http://127.0.0.1:9/nobody'])).toMatchObject({ code: 3, stdout: expect.stringContaining('ERROR') });
  });

  it('goes to another address when told to, and prints JSON', async () => {
    parts = noUnknown;
    const id = await found('probe.unknown-newInstance');
    const staging = await startSeller({}, clock);
    const { code, stdout } = await run(['replay', id, '--to', staging.url, '--output', 'json']);
    await staging.close();
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ id, check: 'probe.unknown-newInstance', outcome: 'fixed', before: 'resultCode is 000005', now: null, url: staging.url })]);
  });

  it('speaks Chinese as the report does', async () => {
    parts = noUnknown;
    expect((await run(['replay', await found('probe.unknown-newInstance')], { LANG: 'zh_CN.UTF-8' })).stdout).toMatch(/\n {2}应为.*\nFAILED: resultCode 为 000005\n$/s);
  });

  it('asks before a check that buys, and then buys anew and releases', async () => {
    const ways = living({ instead: (body) => (body['status'] === 'UNFREEZE' ? refusal('000002', 'status is unknown') : null) });
    const real = await startSeller(ways, clock);
    const keys = { KOOGALLERY_AK: 'TESTAK0123456789ABCD', KOOGALLERY_SK: 'test-sk-0123456789abcdefghijklmnopqrstuv' };
    try {
      await run(['check', real.url, '--live', '--sku', 'notes', '--product', 'notes-month', '--open-api-port', '0', '--only', 'life.unfreeze'], keys);
      const id = failureId('saas-v2', real.url, 'life.unfreeze');
      expect(await run(['replay', id], keys)).toMatchObject({ code: 2, stderr: expect.stringContaining('a new order is bought') });
      expect(ways.instances.size).toBe(1);
      expect(await run(['replay', id, '--yes'], keys)).toMatchObject({ code: 1, stdout: expect.stringContaining('FAILED: ') });
      expect([...ways.instances.values()].map(({ status }) => status)).toEqual(['released', 'released']);
    } finally {
      await real.close();
    }
  });

  it('says what is known when the id is not, and never opens the journal for one', async () => {
    parts = noUnknown;
    const id = await found('probe.unknown-newInstance');
    const mistyped = `${id.slice(0, 5)}${id.endsWith('0') ? '1' : '0'}`;
    expect(await run(['replay', mistyped])).toMatchObject({ code: 2, stderr: expect.stringContaining(`did you mean ${id}?`) });
  });
});

describe('what is kept', () => {
  const failure = { kit: 'saas-v2', url: 'http://localhost:1/saas', check: 'auth.valid', seed: 1, at: 2, timeLimit: 3, finding: 'x', live: null } as const;

  it('is named by kit, address and check, so a later run renews it, and no call of the journal is named so', () => {
    const id = failureId('saas-v2', 'http://localhost:1/saas', 'auth.valid');
    expect([isFailureId(id), id]).toEqual([true, failureId('saas-v2', 'http://localhost:1/saas', 'auth.valid')]);
    expect(id).not.toBe(failureId('saas-v2', 'http://localhost:2/saas', 'auth.valid'));
    expect(['0199c0de-0000-7000-8000-000000000000', '../../x', 'ABCDEF', 'abcde'].map(isFailureId)).toEqual([false, false, false, false]);
  });

  it('is for its owner alone, and the oldest goes first', async () => {
    for (const id of ['aaaaaa', 'bbbbbb', 'cccccc']) await keepFailures(cwd, new Map([[id, failure]]), 2);
    expect((await keptIds(cwd)).length).toBe(2);
    expect(await keptFailureOf(cwd, 'cccccc')).toEqual(failure);
    expect(statSync(join(cwd, 'checks/cccccc.json')).mode & 0o077).toBe(0);
    expect(readFileSync(join(cwd, 'checks/cccccc.json'), 'utf8')).not.toContain(KEY);
  });

  it('that cannot be read any more is as good as gone', async () => {
    await keepFailures(cwd, new Map([['aaaaaa', failure]]));
    writeFileSync(join(cwd, 'checks/aaaaaa.json'), '{"kit":');
    expect(await keptFailureOf(cwd, 'aaaaaa')).toBeNull();
    writeFileSync(join(cwd, 'checks/aaaaaa.json'), '{"kit":"no-such-kit"}');
    expect(await keptFailureOf(cwd, 'aaaaaa')).toBeNull();
    expect(await keptFailureOf(cwd, '../../etc/passwd')).toBeNull();
  });

  it('is told when it cannot be written, and the report stands', async () => {
    parts = noUnknown;
    writeFileSync(join(cwd, 'no-folder'), '');
    const { code, stderr } = await run(['check', seller.url, '--only', 'probe.unknown-newInstance'], { KOOKEEPER_DATA: 'no-folder' });
    expect([code, stderr]).toEqual([0, expect.stringContaining('the findings cannot be kept in')]);
  });
});
