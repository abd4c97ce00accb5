import { createSealer } from '../src/store/sealer.ts';
import { openDoor } from './door.ts';
import { makeInstances } from './instances.ts';
import { selectRows } from './query.ts';
import type { Findings } from './report.ts';
import { inProcess, interleave, ratioOf, withProcessorTime, type Subject } from './rounds.ts';
import { newSecret, type Setting } from './setting.ts';

/** The most that one queryInstance may name. */
const PER_CALL = 100;
/** Instances that are asked for, spread over all: every call names others, and the list still travels to the callers in a moment. */
const ASKED = 10_000;
const CALLERS = [1, 32] as const;
const DOOR = `queryInstance, ${PER_CALL} ids`;
const PEER = `bare select of ${PER_CALL} rows by id`;

/**
 * queryInstance for as many ids as it takes, on a database with 100,000 ready instances, beside a bare select of the same rows.
 *
 * Measured: the whole call over HTTP with its signature, the nonce and the record of the call (the door writes two rows for every question too), opening the sealed
 * access data, and the answer; all instances are ready and ours. Not measured: usage information, a database that does not fit into memory, and a
 * database with years of calls in it.
 */
export async function benchQueryMany(setting: Setting): Promise<Findings> {
  const { options, progress } = setting;
  const phase = (callers: number) => ({ callers, seconds: options.seconds / 2, warmUp: 0.3 });
  progress(`query-many: making ${options.instances} instances`);
  const marketplace = setting.marketplace();
  const store = await setting.store();
  const [key, sealer] = [newSecret(), createSealer([newSecret()])];
  const started = performance.now();
  const all = await makeInstances(store, sealer, options.instances);
  progress(`query-many: made in ${Math.round((performance.now() - started) / 1000)} s`);
  const step = Math.max(1, Math.floor(all.length / ASKED));
  const ids = all.filter((_, index) => index % step === 0);
  const door = await openDoor(setting, { store, sealer, key, bell: null });
  setting.atEnd(() => door.close());
  const select = selectRows(store, ids);
  const subjects = CALLERS.flatMap((callers): Subject[] => [
    { name: DOOR, callers, run: () => withProcessorTime(() => marketplace.query(door.url, key, phase(callers), ids, PER_CALL)) },
    { name: PEER, callers, run: () => inProcess(phase(callers), () => select(PER_CALL)) },
  ]);
  progress('query-many: warming up');
  for (const { run } of subjects) await run();
  const series = await interleave(subjects, options.rounds, progress);
  return { series, ratios: CALLERS.map((callers) => ({ of: DOOR, to: PEER, callers, ratio: ratioOf(series, DOOR, PEER, callers), aim: null })) };
}
