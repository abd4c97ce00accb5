import type { Instruction } from '../lifecycle/command.ts';
import { completable } from '../lifecycle/complete.ts';
import { foldAll } from '../lifecycle/fold.ts';
import { judge, type Judgement } from '../lifecycle/judge.ts';
import type { LifeState } from '../lifecycle/state.ts';
import type { InstanceRow } from './entities.ts';
import { append, commandsAfter, findByKey, lockInstance, type Letter } from './mailbox.ts';
import type { Em } from './open.ts';
import { hasSealed } from './sealed.ts';
import { stateOf } from './state-of.ts';

/** Everything promised to or of an instance: the stored state with the waiting commands folded in. */
export async function promisedOf(em: Em, row: InstanceRow): Promise<LifeState> {
  return foldAll(stateOf(row), row.waiting ? await commandsAfter(em, row.id, row.taken) : []);
}

/** Judges a command by the one table and, if it is admitted, appends it. The caller holds the row's lock. */
export async function post(em: Em, row: InstanceRow, letter: Letter, now: number): Promise<{ judgement: Judgement; seq: number | null }> {
  const judgement = judge(await promisedOf(em, row), letter.instruction, letter.at, now, letter.by);
  return { judgement, seq: judgement.verdict === 'admit' ? await append(em, row, letter, now) : null };
}

/** admitted: it will be carried out · done: it was so already, or (`carriedOut` false) an earlier command that still waits asks for it · no: it cannot be done now. */
export type Posted = { readonly verdict: 'admitted'; readonly seq: number } | { readonly verdict: 'done'; readonly carriedOut: boolean } | { readonly verdict: 'no'; readonly message: string };

/** What the buyer of a completed purchase is given: access data that the function seals into the store, or nothing. */
export type Handover = 'nothing' | ((tx: Em) => Promise<void>);

export interface ByPerson {
  /** The same key twice is the same command twice: the second finds the first. */
  readonly key?: string | null;
  readonly handover?: Handover;
}

/** Longer keys fit no column: such a command is appended as often as it comes. */
const KEY_LIMIT = 255;

/** A person's command takes the same road as the marketplace's: judged, numbered and kept, under the row's lock. */
export async function postByPerson(em: Em, instanceId: string, instruction: Instruction, now: number, { key = null, handover }: ByPerson = {}): Promise<Posted> {
  const known = key === null || key.length > KEY_LIMIT ? null : key;
  return em.transactional(async (tx) => {
    const row = await lockInstance(tx, { id: instanceId });
    if (!row) return { verdict: 'no', message: `there is no instance ${instanceId}` };
    const earlier = known === null ? null : await findByKey(tx, instanceId, known);
    if (earlier) return { verdict: 'admitted', seq: earlier.seq };
    const promised = await promisedOf(tx, row);
    const judgement = judge(promised, instruction, now, now, 'person');
    if (judgement.verdict === 'no') return { verdict: 'no', message: judgement.message };
    if (judgement.verdict !== 'admit') return { verdict: 'done', carriedOut: !row.waiting && promised.open.length === 0 };
    const missing = instruction.kind === 'complete' ? await handOver(tx, promised, handover) : null;
    if (missing !== null) return { verdict: 'no', message: missing };
    return { verdict: 'admitted', seq: await append(tx, row, { at: now, key: known, attempt: 1, by: 'person', instruction, callId: null }, now) };
  });
}

/** Access data are in the store before the command that makes them count. What is missing, in words; null when nothing is. */
async function handOver(tx: Em, promised: LifeState, handover: Handover | undefined): Promise<string | null> {
  const effect = completable(promised);
  if (typeof handover === 'function') {
    if (effect?.kind === 'remove') return 'a removal is what fails: it takes no access data';
    await handover(tx);
    return null;
  }
  if (effect?.kind !== 'provision' || handover === 'nothing' || (await hasSealed(tx, promised.instanceId, 'access'))) return null;
  return 'the buyer would get no access data: give them with `kookeeper instance complete --access`, or say that there are none (--no-access; in the Temporal UI {"withoutAccess": true})';
}
