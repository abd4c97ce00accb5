import { existsSync } from 'node:fs';
import type { WorkflowHandle } from '@temporalio/client';
import { workflowIdOf } from '../../src/delivery/temporal-bell.ts';
import type { LifeState } from '../../src/lifecycle/state.ts';
import { showInstance } from '../../src/operations/show-instance.ts';
import { tenantPath } from '../../src/provisioners/sqlite-tenant/tenant-file.ts';
import type { Purchase } from '../../src/simulator/actions/create.ts';
import type { Order } from '../../src/simulator/books.ts';
import type { Call } from '../../src/simulator/call.ts';
import type { CommandRow } from '../../src/store/entities.ts';
import { listCommands } from '../../src/store/mailbox.ts';
import type { InstanceStatus } from '../../src/workflows/instance.ts';
import { eventually, startEngine, type Engine, type EngineOptions } from './engine.ts';
import { followingClock, type FollowingClock } from '../../src/rehearsal/clock.ts';
import { fastForwardTo, virtualNow } from '../../src/rehearsal/time-skipping.ts';

/** One line of what a life went through. Instants are the life's own, UTC ms. */
export interface Mark {
  readonly step: string;
  /** When it had to happen; null for what a call caused. */
  readonly due: number | null;
  /** When it happened. */
  readonly at: number;
  readonly seen: string;
}

/** An instance whose own clock is moved through the years, beside an API and a market whose clocks follow it. */
export interface LongLife {
  readonly engine: Engine;
  readonly order: Order;
  /** The create call that the order began with. */
  readonly bought: Call;
  readonly instanceId: string;
  readonly handle: WorkflowHandle;
  readonly marks: readonly Mark[];
  /** UTC ms, by the clock of the API, the market and the workflow. */
  now(): number;
  passTo(instant: number): Promise<void>;
  /** Rings although nothing came, and waits until the workflow has looked at everything once more. */
  wake(): Promise<void>;
  /** The workflow's own answer. */
  status(): Promise<InstanceStatus>;
  /** Waits until the workflow says so and the row says the same as the workflow. */
  until(happened: (status: InstanceStatus) => boolean): Promise<InstanceStatus>;
  /** What the last command of the mailbox was written down as. */
  lastCommand(): Promise<CommandRow>;
  /** What a buyer who asks the marketplace gets: the result code, and whether access data come with it. */
  asked(): Promise<{ readonly resultCode: string | null; readonly access: boolean }>;
  tenantStands(): boolean;
  mark(step: string, at: number, seen: string, due?: number): void;
}

/** Events of the history: the signal, and its workflow task scheduled, started and completed. The mailbox is read within that task. */
const RING_AND_TASK = 4;

/** A seller and a market of its own, in which `purchase` has been bought and is ready. */
export async function startLongLife(purchase: Purchase, options: Omit<EngineOptions, 'now'> = {}): Promise<LongLife> {
  const clock = followingClock();
  const engine = await startEngine({ ...options, now: clock.now });
  return beginLife(engine, clock, purchase).catch(async (error: unknown) => {
    await engine.stop();
    throw error;
  });
}

async function beginLife(engine: Engine, { now, follow }: FollowingClock, purchase: Purchase): Promise<LongLife> {
  const { market, store, tenants, temporal } = engine;
  const { order, call: bought } = await market.buy(purchase);
  const instanceId = String(bought.answer?.['instanceId']);
  const handle = temporal.client.workflow.getHandle(workflowIdOf(`${order.orderId}/${order.orderLineId}`));
  const marks: Mark[] = [];
  // From the stored row: a query that meets a local activity ends its workflow task early, and the history then replays otherwise (docs/guides/changing-the-workflow.md).
  const status = async (): Promise<InstanceStatus> => {
    const row = await showInstance(store, order.orderLineId);
    if (!row) throw new Error('the instance has no row');
    return { phase: row.phase, state: row.state };
  };

  const life: LongLife = {
    engine,
    order,
    bought,
    instanceId,
    handle,
    marks,
    now,
    async passTo(instant) {
      await fastForwardTo(handle, instant);
      follow(await virtualNow(handle));
    },
    async wake() {
      const before = await handle.describe();
      await handle.signal('bell');
      await eventually(async () => {
        const { runId, historyLength } = await handle.describe();
        return runId !== before.runId || historyLength >= before.historyLength + RING_AND_TASK;
      });
    },
    status,
    until: (happened) =>
      eventually(async () => {
        const told = await status();
        return happened(told) && told;
      }),
    async lastCommand() {
      const last = (await listCommands(store.em(), instanceId)).at(-1);
      if (!last) throw new Error('the mailbox is empty');
      return last;
    },
    async asked() {
      const { resultCode, answer } = await market.poll(instanceId);
      const [info] = (answer?.['info'] ?? []) as { appInfo?: Record<string, string> }[];
      return { resultCode, access: info?.appInfo?.['password'] !== undefined };
    },
    tenantStands: () => existsSync(tenantPath(tenants, instanceId)),
    mark: (step, at, seen, due) => void marks.push({ step, at, seen, due: due ?? null }),
  };
  life.mark('ordered', order.createdAt, String(bought.resultCode));
  await market.untilReady(order, { every: 100, limit: 30_000 });
  life.mark('ready', now(), (await life.until(({ phase }) => phase === 'active')).phase);
  return life;
}

/** The signed instant of a call. */
export const signedAt = ({ query }: Call): number => Number(query['timestamp']);

/** What a state says of the life, without the bookkeeping of storing it. */
export function promised({ desired, actual, needsPerson, taken, trouble, open, rules }: LifeState) {
  return JSON.parse(JSON.stringify({ desired, actual, needsPerson, taken, trouble, open, rules })) as object;
}

const stamp = (at: number): string => new Date(at).toISOString().replace('T', ' ').replace('Z', '');

/** The marks as a table: day since the first, the instant each was due, how late it was in ms (the server's timers may be a second late), what was seen. */
export function timelineOf(marks: readonly Mark[]): string {
  const begin = marks[0]?.at ?? 0;
  const rows = marks.map(({ step, due, at, seen }) => {
    const day = ((at - begin) / (24 * 60 * 60_000)).toFixed(1);
    return `| ${day} | ${stamp(at)} | ${step} | ${due === null ? '–' : stamp(due)} | ${due === null ? '–' : at - due} | ${seen} |`;
  });
  return ['| day | instant (virtual, UTC) | step | due | late, ms | seen |', '|---:|---|---|---|---:|---|', ...rows].join('\n');
}
