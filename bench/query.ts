import type { Store } from '../src/store/open.ts';
import { createSealer } from '../src/store/sealer.ts';
import { openDoor } from './door.ts';
import { makeInstances } from './instances.ts';
import type { Findings } from './report.ts';
import { inProcess, interleave, ratioOf, withProcessorTime, type Subject } from './rounds.ts';
import { newSecret, type Setting } from './setting.ts';

const INSTANCES = 1_000;
const CALLERS = [1, 32] as const;
/** The most that one queryInstance may name. */
const PER_CALL = [1, 100] as const;

const doorOf = (perCall: number): string => `queryInstance, ${perCall} ${perCall === 1 ? 'id' : 'ids'}`;
const peerOf = (perCall: number): string => `bare select of ${perCall} ${perCall === 1 ? 'row' : 'rows'}`;

/** The buyer's polling, beside a bare select of the same rows. */
export async function benchQuery(setting: Setting): Promise<Findings> {
  const { options, progress } = setting;
  const phase = (callers: number) => ({ callers, seconds: options.seconds / 2, warmUp: 0.3 });
  progress(`query: making ${INSTANCES} instances`);
  const marketplace = setting.marketplace();
  const store = await setting.store();
  const [key, sealer] = [newSecret(), createSealer([newSecret()])];
  const ids = await makeInstances(store, sealer, INSTANCES);
  const door = await openDoor(setting, { store, sealer, key, bell: null });
  setting.atEnd(() => door.close());

  const select = selectRows(store, ids);
  const subjects = CALLERS.flatMap((callers) =>
    PER_CALL.flatMap((perCall): Subject[] => [
      { name: doorOf(perCall), callers, run: () => withProcessorTime(() => marketplace.query(door.url, key, phase(callers), ids, perCall)) },
      { name: peerOf(perCall), callers, run: () => inProcess(phase(callers), () => select(perCall)) },
    ]),
  );
  progress('query: warming up');
  for (const { run } of subjects) await run();
  const series = await interleave(subjects, options.rounds, progress);
  return {
    series,
    ratios: CALLERS.flatMap((callers) =>
      PER_CALL.map((perCall) => ({ of: doorOf(perCall), to: peerOf(perCall), callers, ratio: ratioOf(series, doorOf(perCall), peerOf(perCall), callers), aim: null })),
    ),
  };
}

/** A bare select of so many of the ids in turn: the statement that the door runs. */
export function selectRows(store: Store, ids: readonly string[]): (perCall: number) => Promise<void> {
  let from = 0;
  return async (perCall) => {
    const asked = Array.from({ length: perCall }, (_, index) => ids[(from + index) % ids.length]);
    from += perCall;
    const sql = `select i.id, i.phase, i.state, s.text from instance i left join sealed s on s.instance_id = i.id and s.kind = 'access' where i.id in (${asked.map(() => '?').join(', ')})`;
    const rows = await store.em().getConnection().execute<unknown[]>(sql, asked, 'all');
    if (rows.length !== perCall) throw new Error(`${rows.length} rows of ${perCall}`);
  };
}
