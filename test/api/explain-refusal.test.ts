import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createExplainer } from '../../src/api/explain-refusal.ts';
import { saasV2 } from '../../src/marketplace/saas-v2/dialect.ts';
import { findRefusal, recordRefusal } from '../../src/store/journal.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { KEY, NOW, signedCall } from '../marketplace/signed-call.ts';
import { sqliteFile } from './databases.ts';

const BODY = '{"activity":"releaseInstance","instanceId":"i-1"}';
const EXPLAINED = signedCall(BODY, { key: `${KEY}\n` });

let store: Store;
let lines: string[];
let drop: () => Promise<void>;
beforeEach(async () => {
  const on = await sqliteFile();
  drop = () => on.drop();
  store = await openStore(on.database);
  await store.migrate();
  await recordRefusal(store.em(), { id: 'r-1', receivedAt: NOW, kit: 'saas-v2', resultCode: '000001', resultMsg: 'signature is wrong', query: '{}', body: BODY, mistake: null });
  lines = [];
});
afterEach(async () => {
  await store.close();
  await drop();
});
const explainer = () => createExplainer({ store, keys: { base: [KEY], kit: [], license: [], common: [] }, now: () => NOW, log: pino({}, { write: (line: string) => void lines.push(line) }) });

it('does nothing before the turn in which the answer is written has ended', async () => {
  let begun = false;
  const explain: typeof saasV2.explain = (...given) => {
    begun = true;
    return saasV2.explain(...given);
  };
  explainer()({ ...saasV2, explain }, EXPLAINED, 'r-1');
  await Promise.resolve();
  expect(begun).toBe(false);
  await vi.waitFor(async () => expect((await findRefusal(store.em(), 'r-1'))?.mistake).toMatch(/^key-blank-at-end: /), { timeout: 20_000 });
});

it('leaves a word in the log and nothing else when the record cannot be written, or the explaining itself fails', async () => {
  const explain = explainer();
  await store.em().getConnection().execute('alter table "refusal" rename to "elsewhere"');
  explain(saasV2, EXPLAINED, 'r-1');
  const broken = (): never => {
    throw new Error('of the explainer');
  };
  explain({ ...saasV2, explain: broken }, EXPLAINED, 'r-1');
  await vi.waitFor(() => expect(lines.filter((line) => line.includes('the refused call was not explained'))).toHaveLength(2), { timeout: 20_000 });
  expect(lines.join('')).not.toContain(KEY);
});
