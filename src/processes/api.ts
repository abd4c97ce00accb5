import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { createApi } from '../api/app.ts';
import { createOutcomes } from '../api/outcomes.ts';
import type { Check } from '../api/health.ts';
import { createOperatorApi } from '../api/operator.ts';
import type { ConfigFor } from '../config/types.ts';
import { createDispatcher, type Timer } from '../delivery/dispatcher.ts';
import { temporalQuestions } from '../delivery/questions.ts';
import { temporalBell, type Runs } from '../delivery/temporal-bell.ts';
import { pruneJournal } from '../store/journal.ts';
import type { Store } from '../store/open.ts';
import { waitingSince } from '../store/rings.ts';
import { tellUnheard } from '../store/unheard.ts';
import { createSealer } from '../store/sealer.ts';
import { lazyClient, type TemporalTarget } from '../temporal/connect.ts';
import { isPolled } from '../temporal/pollers.ts';
import { lifeTaskQueue, provisionQueueOf } from '../workflows/task-queues.ts';
import { listen, type Listening } from './listen.ts';

/** A command that nobody has taken for this long means that the workers are not keeping up, or are not there. */
const UNTAKEN_LIMIT = 2 * 60_000;
const TELL_EVERY = 60_000;
const PRUNE_EVERY = 10 * 60_000;
const DAY = 24 * 60 * 60_000;

export interface ApiProcess {
  readonly port: number;
  readonly operatorPort: number;
  /** Finishes the answers under way, then the rings. */
  stop(): Promise<void>;
}

export interface ApiOptions {
  readonly config: ConfigFor<'api'>;
  readonly store: Store;
  readonly target: TemporalTarget;
  readonly log: Logger;
  readonly taskQueue?: string;
  readonly runs?: Runs;
  /** A worker in this process; otherwise the server is asked who polls. */
  readonly workerRunning?: () => boolean;
  /** UTC ms: what calls are judged by, and when a mailbox is due to be rung for. Default the system's clock. */
  readonly now?: () => number;
}

export const systemTimer: Timer = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/** The public port, the operator's port, and the dispatcher. Starts, and answers calls, while Temporal is down. */
export async function startApiProcess({ config, store, target, log, taskQueue = lifeTaskQueue, runs = {}, workerRunning, now = systemTimer.now }: ApiOptions): Promise<ApiProcess> {
  const temporal = lazyClient(target);
  const dispatcher = createDispatcher({ store, bell: temporalBell(temporal.client, taskQueue, runs), timer: { ...systemTimer, now }, log });
  const checks: Record<string, Check> = {
    database: async () => {
      await store.ping();
      return true;
    },
    temporal: async () => {
      await temporal.client.withDeadline(Date.now() + 1_500, () => temporal.connection.workflowService.getSystemInfo({}));
      return true;
    },
    worker: async () => (workerRunning ? workerRunning() : isPolled(temporal, [taskQueue, provisionQueueOf(taskQueue)])),
    mailboxes: async () => {
      const since = await waitingSince(store.em());
      return since === null || now() - since < UNTAKEN_LIMIT;
    },
  };
  const app = createApi({ store, sealer: createSealer(config.secrets), dispatcher, outcomes: createOutcomes(store), questions: temporalQuestions(temporal.client, taskQueue, log), keys: config.keys, checks, now, newId: randomUUID, log });
  const opened: Listening[] = [];
  try {
    opened.push(await listen({ fetch: app.fetch, port: config.port, host: '0.0.0.0', setting: 'PORT' }));
    const { host, port, token } = config.operator;
    opened.push(await listen({ fetch: createOperatorApi({ store, token, dispatcher, now, log }).fetch, port, host, setting: 'KOOKEEPER_OPERATOR_PORT' }));
  } catch (error) {
    await Promise.all(opened.map((listening) => listening.close()));
    await temporal.close();
    throw error;
  }
  dispatcher.start();
  const pruning = setInterval(() => {
    pruneJournal(store.em(), now(), config.calls.keepDays * DAY).catch((error: unknown) => log.warn({ error: String(error) }, 'old calls could not be pruned; it is tried again'));
  }, PRUNE_EVERY);
  pruning.unref();
  const telling = setInterval(() => {
    tellUnheard(store.em(), now()).catch((error: unknown) => log.warn({ error: String(error) }, 'changes that nobody heard of could not be looked for; it is tried again'));
  }, TELL_EVERY);
  telling.unref();
  const [api, operator] = opened;
  return {
    port: api?.port ?? config.port,
    operatorPort: operator?.port ?? config.operator.port,
    async stop() {
      clearInterval(pruning);
      clearInterval(telling);
      await Promise.all(opened.map((listening) => listening.close()));
      await dispatcher.stop();
      await temporal.close();
    },
  };
}
