import type { Mailbox } from '../../src/delivery/bell.ts';
import { newLife, type LifeState } from '../../src/lifecycle/state.ts';
import { createFakeBell, type FakeBell } from '../support/fake-bell.ts';
import { startActivity, type Activity, type Attempting, type Work } from './activities.ts';
import { FAILED, startLifeRun, type Activation, type Asking, type Job, type LifeRun, type Wish } from './life-run.ts';
import type { Power } from './power.ts';
import { SECOND } from './schedule.ts';
import type { Scheduler } from './scheduler.ts';
import type { Wiring } from './wiring.ts';

export interface TemporalDeps {
  readonly scheduler: Scheduler;
  readonly power: Power;
  readonly continueAfter: number;
  /** One attempt of an activity, local or not. */
  perform(work: Work, of: { readonly instanceId: string; readonly runId: string; readonly late?: boolean }, attempting: Attempting | null): Promise<unknown>;
  /** How much later a write of a worker that was cut off still arrives; null: it died with the worker. */
  writesOn(): number | null;
  readonly wiring: Wiring;
}

export interface SimulatedTemporal {
  readonly bell: FakeBell;
  readonly workflows: readonly { readonly mailbox: Mailbox; readonly runs: number; readonly closed: boolean; shown(): LifeState | null }[];
}

/** The server's default limit of a workflow task: after so long a lost one is given out again. */
const TASK_LIMIT = 10 * SECOND;
/** Attempts of a local activity, and the pauses between them, as `src/workflows/instance.ts` has them. */
const LOCAL_PAUSES = [200, 400, 800];

interface Task {
  readonly worker: AbortSignal;
  readonly jobs: readonly Job[];
  readonly activations: Activation[];
  readonly wishes: Wish[];
  locals: number;
}

interface Workflow {
  readonly mailbox: Mailbox;
  runs: number;
  runId: string;
  carried: LifeState;
  /** What the server keeps of the run: its completed tasks' activations. */
  history: Activation[];
  inbox: Job[];
  timers: Set<number>;
  activities: Map<number, Activity>;
  task: Task | null;
  /** In the worker's cache. */
  live: LifeRun | null;
  fresh: boolean;
  notBefore: number;
  closed: boolean;
}

/**
 * Temporal, server and worker, as far as the life depends on it. Durable are signals, timers, activities and what completed workflow tasks
 * decided. A task's decisions reach the server when it completes, which waits for its local activities; a killed worker or a server that is
 * away loses the task with the results of its local activities, though they have happened: another worker replays the history and does
 * the task again, later, with whatever came in meanwhile. A run that wants to end while something has come in does its task again too.
 */
export function createTemporal({ scheduler, power, continueAfter, perform, writesOn, wiring }: TemporalDeps): SimulatedTemporal {
  const workflows: Workflow[] = [];
  const bell = createFakeBell({
    taken(mailbox, by) {
      const known = workflows.find((workflow) => workflow.mailbox.orderLineKey === mailbox.orderLineKey);
      if (by === 'start') {
        const carried = newLife({ instanceId: mailbox.instanceId, orderId: mailbox.orderId, orderLineId: mailbox.orderLineId });
        const started: Workflow = { mailbox, runs: 1, runId: `${mailbox.orderLineKey}#1`, carried, history: [], inbox: [], timers: new Set(), activities: new Map(), task: null, live: null, fresh: true, notBefore: 0, closed: false };
        workflows.push(started);
        offer(started);
      } else if (known) receive(known, { job: 'bell' });
    },
  });

  const receive = (workflow: Workflow, job: Job): void => {
    workflow.inbox.push(job);
    offer(workflow);
  };

  const offer = (workflow: Workflow): void => {
    if (workflow.task || workflow.closed || (workflow.inbox.length === 0 && !workflow.fresh)) return;
    power.serverAt(Math.max(scheduler.now(), workflow.notBefore), 'workflow task', () => {
      const { worker } = power;
      if (!worker || workflow.task || workflow.closed || (workflow.inbox.length === 0 && !workflow.fresh)) return;
      const task: Task = { worker, jobs: workflow.inbox, activations: [], wishes: [], locals: 0 };
      workflow.inbox = [];
      workflow.task = task;
      scheduler.after(scheduler.latency(), 'workflow task begins', () => activate(workflow, task, workflow.task === task ? task.jobs : []));
    });
  };

  /** What was given out comes back: its jobs are durable, its decisions are not. */
  const lose = (workflow: Workflow): void => {
    workflow.live = null;
    const { task } = workflow;
    if (!task) return;
    workflow.task = null;
    workflow.inbox = [...task.jobs, ...workflow.inbox];
    workflow.notBefore = scheduler.now() + TASK_LIMIT;
    offer(workflow);
  };

  const replay = async (workflow: Workflow): Promise<LifeRun> => {
    const run = startLifeRun(workflow.carried, continueAfter);
    for (const activation of workflow.history) await run.activate(activation);
    return run;
  };

  const activate = async (workflow: Workflow, task: Task, jobs: readonly Job[]): Promise<void> => {
    if (workflow.task !== task) return;
    const run = (workflow.live ??= await replay(workflow));
    const activation = { now: scheduler.now(), jobs };
    task.activations.push(activation);
    const wishes = await run.activate(activation);
    task.wishes.push(...wishes);
    for (const wish of wishes) if (wish.do === 'local') local(workflow, task, wish.id, wish.asking, 0);
    if (task.locals === 0) scheduler.after(scheduler.latency(), 'workflow task ends', () => complete(workflow, task));
  };

  const local = (workflow: Workflow, task: Task, id: number, asking: Asking, attempt: number): void => {
    if (attempt === 0) task.locals += 1;
    const { instanceId } = workflow.mailbox;
    const { runId } = workflow;
    scheduler.after(scheduler.latency(), `local ${asking.ask}`, async () => {
      if (task.worker.aborted) {
        const later = asking.ask === 'store' && attempt === 0 ? writesOn() : null;
        if (later === null) return;
        scheduler.after(later, 'a late store', () => perform({ asking }, { instanceId, runId, late: true }, null).then(() => undefined, () => undefined));
        return;
      }
      const answer = await perform({ asking }, { instanceId, runId }, null).then((value) => ({ value }), () => null);
      const pause = LOCAL_PAUSES[attempt];
      if (!answer && pause !== undefined) scheduler.after(pause, `local ${asking.ask} again`, () => local(workflow, task, id, asking, attempt + 1));
      else {
        scheduler.after(scheduler.latency(), `local ${asking.ask} answers`, () => {
          task.locals -= 1;
          return activate(workflow, task, [{ job: 'resolved', id, value: answer ? answer.value : FAILED }]);
        });
      }
    });
  };

  const complete = (workflow: Workflow, task: Task): void => {
    if (workflow.task !== task || task.locals > 0) return;
    const ended = workflow.live?.ended() ?? null;
    // Temporal refuses to end a run that something has come in for.
    if (!power.temporal.up || (ended && workflow.inbox.length > 0)) {
      lose(workflow);
      return;
    }
    workflow.task = null;
    workflow.fresh = false;
    workflow.history.push(...task.activations);
    if (ended?.end === 'closed') {
      workflow.closed = true;
      bell.close(workflow.mailbox.orderLineKey);
      return;
    }
    if (ended) {
      const runs = workflow.runs + 1;
      Object.assign(workflow, { runs, runId: `${workflow.mailbox.orderLineKey}#${runs}`, carried: ended.state, history: [], timers: new Set(), live: null, fresh: true });
    } else task.wishes.forEach((wish) => carryOut(workflow, wish));
    offer(workflow);
  };

  const setTimer = (workflow: Workflow, wish: { readonly id: number; readonly wait: number }, runId: string, worker: AbortSignal | null): void => {
    power.serverAt(scheduler.now() + wish.wait, 'timer', () => {
      if (wiring.timers === 'from the restart' && worker !== power.worker) setTimer(workflow, wish, runId, power.worker);
      else if (workflow.runId === runId && workflow.timers.delete(wish.id)) receive(workflow, { job: 'timer', id: wish.id });
    });
  };

  const carryOut = (workflow: Workflow, wish: Wish): void => {
    const { runId, timers, activities } = workflow;
    const { instanceId } = workflow.mailbox;
    const resolved = (id: number) => (value: unknown) => {
      if (workflow.runId === runId) receive(workflow, { job: 'resolved', id, value });
    };
    switch (wish.do) {
      case 'timer':
        timers.add(wish.id);
        setTimer(workflow, wish, runId, power.worker);
        break;
      case 'cancel timer':
        timers.delete(wish.id);
        break;
      case 'cancel':
        activities.get(wish.id)?.cancel();
        break;
      case 'patient':
      case 'effect': {
        const work: Work = wish.do === 'effect' ? { effect: wish.effect } : { asking: wish.asking };
        activities.set(wish.id, startActivity(scheduler, power, work, (attempting) => perform(work, { instanceId, runId }, attempting), resolved(wish.id)));
        break;
      }
      case 'local':
        break;
    }
  };

  power.onChange(() => {
    for (const workflow of workflows) {
      if ((workflow.task?.worker ?? power.worker)?.aborted !== false) lose(workflow);
      else if (!power.temporal.up && workflow.task) lose(workflow);
      if (power.worker && power.temporal.up) offer(workflow);
    }
  });

  return {
    bell,
    get workflows() {
      return workflows.map((workflow) => ({ mailbox: workflow.mailbox, runs: workflow.runs, closed: workflow.closed, shown: () => workflow.live?.shown() ?? null }));
    },
  };
}
