import type { Outcome, Reply } from '../dialect.ts';
import { asciiMessage } from '../message.ts';
import { isResultCode, resultCodes, type ResultCode } from '../result-codes.ts';
import { info } from './info.ts';
import { isActivity, verbs, type Verb } from './verbs.ts';

/** `outcome` takes the code the outcome carries. */
interface Cell {
  readonly code: ResultCode | 'outcome';
  readonly with?: 'instanceId' | 'info';
  /** In place of the code's own words. */
  readonly says?: string;
}

const done: Cell = { code: '000000' };
const unknown: Cell = { code: '000003' };
const processing: Cell = { code: '000004' };
const temporary: Cell = { code: '000005' };
const own: Cell = { code: 'outcome' };

/**
 * What the caller is told (architecture §4): outcome by kind of verb. null marks what cannot happen. A provisioner's permanent no reaches
 * only create and query as its own code: for the others those codes have no meaning (saas.md §5).
 */
export const replies: Readonly<Record<Outcome['is'], Readonly<Record<Verb['answers'], Cell | null>>>> = {
  done: { create: { code: '000000', with: 'instanceId' }, change: done, others: done, query: null },
  // A create says that it is still working and is polled (saas.md §6.4), a change that it is to be asked for again; anything else is a promise we keep.
  admitted: { create: { code: '000004', with: 'instanceId' }, change: { code: '000005', says: 'the change is being carried out: please ask again' }, others: done, query: null },
  unknown: { create: unknown, change: unknown, others: unknown, query: unknown },
  later: { create: temporary, change: temporary, others: temporary, query: temporary },
  failed: { create: own, change: temporary, others: temporary, query: own },
  unavailable: { create: temporary, change: temporary, others: temporary, query: temporary },
  refused: { create: own, change: own, others: own, query: own },
  found: { create: null, change: null, others: null, query: { code: '000000', with: 'info' } },
  making: { create: null, change: null, others: null, query: processing },
};

/**
 * The answer's JSON object. `resultMsg` is always there, printable ASCII of at most 255 characters. `verb` may be one we do not know: a
 * call refused before its activity was read has none. Throws TypeError for an outcome that the verb cannot have.
 */
export function reply(verb: string, outcome: Outcome): Reply {
  const cell = replies[outcome.is][isActivity(verb) ? verbs[verb].answers : 'others'];
  if (cell === null) throw new TypeError(`${verb} cannot end as ${outcome.is}`);
  const resultCode = cell.code === 'outcome' ? codeOf(outcome) : cell.code;
  const resultMsg = asciiMessage('message' in outcome && outcome.message !== '' ? outcome.message : (cell.says ?? resultCodes[resultCode].meaning));
  if (cell.with === 'instanceId' && 'instanceId' in outcome) return { resultCode, resultMsg, instanceId: outcome.instanceId };
  if (cell.with === 'info' && outcome.is === 'found') return { resultCode, resultMsg, info: outcome.instances.map(info) };
  return { resultCode, resultMsg };
}

/**
 * A provisioner's no has one of 000100 to 000107 (saas.md §5). Anything else would be an unexplained failure there or, as 000000, a success
 * without its members; 000005 at least is repeated.
 */
function codeOf(outcome: Outcome): ResultCode {
  if (outcome.is === 'refused') return outcome.code;
  return outcome.is === 'failed' && isResultCode(outcome.code) && /^00010[0-7]$/.test(outcome.code) ? outcome.code : '000005';
}
