import { randomUUID } from 'node:crypto';
import { temporalBell } from '../src/delivery/temporal-bell.ts';
import { Instance } from '../src/store/entities.ts';
import { createSealer } from '../src/store/sealer.ts';
import { connectClient } from '../src/temporal/connect.ts';
import type { Phase } from './closed-loop.ts';
import { twoRows } from './create.ts';
import { openDoor } from './door.ts';
import type { Findings } from './report.ts';
import { inProcess, interleave, ratioOf, withProcessorTime, type Subject } from './rounds.ts';
import { newSecret, type Setting } from './setting.ts';
import type { Load } from './statistics.ts';
import type { TemporalServer } from './temporal-server.ts';

const STOPPED = 'signed create, Temporal stopped';
const UP = 'signed create, Temporal up';
const ROWS = 'bare two-row transaction';
const CALLERS = [1, 32] as const;

/**
 * The signed create over HTTP while Temporal is stopped, beside the same door with a server that is up, and the bare two-row transaction. Two doors
 * in this process, each with a database and a server of its own; one server is stopped after it has answered. Both stay open throughout: the mailboxes of the stopped
 * one pile up as in an outage, and its sweeper goes on probing, so that a little of that is in its peers' figures too. No worker runs.
 *
 * Measured: answers 000004, and afterwards that the database holds an instance for each of them. Not measured: what becomes of them when the server is back (`outage`),
 * and calls that wait for the failing ring, for there are none: an answer leaves before its ring.
 */
export async function benchStopped(setting: Setting): Promise<Findings> {
  const { options, progress } = setting;
  const phase = (callers: number): Phase => ({ callers, seconds: options.seconds / 2, warmUp: 0.3 });
  progress('stopped: starting two Temporal servers with their database files, the databases, and the callers');
  const marketplace = setting.marketplace();
  const key = newSecret();

  const openAt = async (server: TemporalServer) => {
    const store = await setting.store();
    const link = await connectClient(server.target);
    setting.atEnd(() => link.close());
    const door = await openDoor(setting, { store, sealer: createSealer([newSecret()]), key, bell: temporalBell(link.client, `bench-${randomUUID()}-life`) });
    setting.atEnd(() => door.close());
    let made = 0;
    return {
      create: (asked: Phase): Promise<Load> =>
        withProcessorTime(async () => {
          const calls = await marketplace.create(door.url, key, asked);
          made += calls.made;
          return calls;
        }),
      lost: async (): Promise<number> => made - (await store.em().count(Instance)),
    };
  };
  const [up, stopping] = [await setting.temporalServer(), await setting.temporalServer()];
  const peer = await openAt(up);
  const ours = await openAt(stopping);
  const rows = await setting.store();
  progress('stopped: warming up');
  for (const { create } of [peer, ours]) await create({ callers: 32, seconds: 1, warmUp: 0.5 });
  await inProcess(phase(32), () => twoRows(rows));
  await stopping.stop();
  // The rings under way when it stopped give up after 4 s; from then on the door knows.
  await ours.create({ callers: 1, seconds: 4, warmUp: 0.5 });

  const subjects = CALLERS.toReversed().flatMap((callers): Subject[] => [
    { name: STOPPED, callers, run: () => ours.create(phase(callers)) },
    { name: UP, callers, run: () => peer.create(phase(callers)) },
    { name: ROWS, callers, run: () => inProcess(phase(callers), () => twoRows(rows)) },
  ]);
  const series = await interleave(subjects, options.rounds, progress);
  const lost = (await ours.lost()) + (await peer.lost());
  if (lost !== 0) throw new Error(`${lost} creates were answered 000004 and are not in the database`);
  return {
    series: series.toSorted((a, b) => a.callers - b.callers),
    ratios: [32, 1].flatMap((callers) => [UP, ROWS].map((to) => ({ of: STOPPED, to, callers, ratio: ratioOf(series, STOPPED, to, callers), aim: null }))),
  };
}
