import { randomUUID } from 'node:crypto';
import { temporalBell } from '../src/delivery/temporal-bell.ts';
import type { Bell } from '../src/delivery/bell.ts';
import { Call, MailboxCommand } from '../src/store/entities.ts';
import type { Store } from '../src/store/open.ts';
import { createSealer } from '../src/store/sealer.ts';
import { connectClient } from '../src/temporal/connect.ts';
import type { Phase } from './closed-loop.ts';
import { openDoor } from './door.ts';
import type { Findings } from './report.ts';
import { inProcess, interleave, ratioOf, withProcessorTime, type Subject } from './rounds.ts';
import { newSecret, type Setting } from './setting.ts';
import type { Load } from './statistics.ts';

const NAMES = {
  door: 'signed create, door',
  silent: 'signed create, door without rings',
  start: 'bare workflow.start',
  rows: 'bare two-row transaction',
} as const;
const CALLERS = [1, 32] as const;

/** The signed create over HTTP, with no worker, beside a bare start on the same server and a bare two-row transaction in the same database. */
export async function benchCreate(setting: Setting): Promise<Findings> {
  const { options, progress } = setting;
  progress('create: starting Temporal with its database file, the database, and the callers');
  const marketplace = setting.marketplace();
  const target = await setting.temporal();
  const store = await setting.store();
  const link = await connectClient(target);
  setting.atEnd(() => link.close());
  const bell = temporalBell(link.client, `bench-${randomUUID()}-life`);
  const [key, sealer] = [newSecret(), createSealer([newSecret()])];

  const throughDoor = async (phase: Phase, rung: Bell | null): Promise<Load> => {
    const door = await openDoor(setting, { store, sealer, key, bell: rung });
    try {
      return await withProcessorTime(() => marketplace.create(door.url, key, phase));
    } finally {
      await door.close();
    }
  };
  const runs: Record<keyof typeof NAMES, (phase: Phase) => Promise<Load>> = {
    door: (phase) => throughDoor(phase, bell),
    start: (phase) => inProcess(phase, () => start(bell)),
    silent: (phase) => throughDoor(phase, null),
    rows: (phase) => inProcess(phase, () => twoRows(store)),
  };
  const kinds = Object.keys(runs) as (keyof typeof NAMES)[];

  progress('create: warming up');
  for (const kind of kinds) await runs[kind]({ callers: 32, seconds: 1, warmUp: 1 });
  const subjects = CALLERS.toReversed().flatMap((callers) =>
    kinds.map((kind): Subject => ({ name: NAMES[kind], callers, run: () => runs[kind]({ callers, seconds: options.seconds, warmUp: 0.5 }) })),
  );
  const series = await interleave(subjects, options.rounds, progress);
  return {
    series: series.toSorted((a, b) => a.callers - b.callers),
    ratios: [32, 1].flatMap((callers) => {
      const ratio = (of: string, to: string, aim: number | null = null) => ({ of, to, callers, ratio: ratioOf(series, of, to, callers), aim: callers === 32 ? aim : null });
      return [ratio(NAMES.door, NAMES.start, 5), ratio(NAMES.door, NAMES.rows, 0.5), ratio(NAMES.silent, NAMES.rows), ratio(NAMES.door, NAMES.silent)];
    }),
  };
}

/** The dispatcher's own first ring, so that type, policies and search attributes are the same by construction. */
async function start(bell: Bell): Promise<void> {
  const orderId = randomUUID();
  const orderLineId = `${orderId}-000001`;
  await bell.ring({ instanceId: randomUUID(), orderLineKey: `${orderId}/${orderLineId}`, orderId, orderLineId, neverTaken: true });
}

/** The least that a journalled command needs: its call and its place in the mailbox, of the size that the door writes. */
export async function twoRows(store: Store): Promise<void> {
  const [id, instanceId, orderId, nonce, now] = [randomUUID(), randomUUID(), randomUUID(), randomUUID(), Date.now()];
  const orderLineId = `${orderId}-000001`;
  const body = JSON.stringify({ activity: 'newInstance', businessId: id, orderId, orderLineId });
  const evidence = { matched: 'raw', key: 0, signature: nonce, timestamp: String(now) };
  await store.em().transactional(async (em) => {
    await em.insert(MailboxCommand, { instanceId, seq: 1, at: now, receivedAt: now, key: null, attempt: 1, by: 'marketplace', instruction: { kind: 'create', orderId, orderLineId }, callId: id, outcome: null, settledAt: null, answeredAt: null });
    await em.insert(Call, { id, receivedAt: now, kit: 'bench', verb: 'newInstance', kind: 'live', nonce, signedAt: now, evidence, body, instanceId, seq: 1, resultCode: '000004', resultMsg: 'bench' });
  });
}
