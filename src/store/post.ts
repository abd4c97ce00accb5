import type { Instruction } from '../lifecycle/command.ts';
import { foldAll } from '../lifecycle/fold.ts';
import { judge, type Judgement } from '../lifecycle/judge.ts';
import type { LifeState } from '../lifecycle/state.ts';
import type { InstanceRow } from './entities.ts';
import { append, commandsAfter, lockInstance, type Letter } from './mailbox.ts';
import type { Em } from './open.ts';
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

/** admitted: it will be carried out · done: it was so already · no: it cannot be done now. */
export type Posted = { readonly verdict: 'admitted'; readonly seq: number } | { readonly verdict: 'done' } | { readonly verdict: 'no'; readonly message: string };

/** A person's command takes the same road as the marketplace's: judged, numbered and kept, under the row's lock. */
export async function postByPerson(em: Em, instanceId: string, instruction: Instruction, now: number): Promise<Posted> {
  return em.transactional(async (tx) => {
    const row = await lockInstance(tx, { id: instanceId });
    if (!row) return { verdict: 'no', message: `there is no instance ${instanceId}` };
    const { judgement, seq } = await post(tx, row, { at: now, key: null, attempt: 1, by: 'person', instruction, callId: null }, now);
    if (seq !== null) return { verdict: 'admitted', seq };
    return judgement.verdict === 'no' ? { verdict: 'no', message: judgement.message } : { verdict: 'done' };
  });
}
