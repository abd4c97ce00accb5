import { Unreachable, type Bell, type Mailbox, type Ring } from '../../src/delivery/bell.ts';

/** What the server does with a ring: `lost answer` takes it and the answer never arrives; `down` takes nothing. */
export type ServerMood = 'up' | 'down' | 'lost answer';

export interface FakeWorkflow {
  readonly mailbox: Mailbox;
  running: boolean;
  signals: number;
}

/** A bell whose server is kept in memory, for tests that drive the dispatcher through its own time. Passes the contract of the real one. */
export interface FakeBell extends Bell {
  mood: ServerMood;
  /** Order lines in the order in which the dispatcher rang, also in vain. */
  readonly rung: readonly string[];
  /** By order line: what the server knows. */
  readonly workflows: ReadonlyMap<string, FakeWorkflow>;
  /** Rings that have not been answered: now, and at most, in all and of those that may start a workflow. */
  readonly underWay: { readonly now: number; readonly most: number; readonly mostStarts: number };
  /** Rings wait, from now on, until the returned function is called: a slow server. */
  hold(): () => void;
  /** Every ring for this order line is refused with this error, until it is null. */
  refuse(orderLineKey: string, error: Error | null): void;
  /** The workflow of this order line ends. */
  close(orderLineKey: string): void;
}

export interface FakeBellOptions {
  /** The server has taken a ring: what a worker would do next. */
  readonly taken?: (mailbox: Mailbox, by: 'start' | 'signal') => void;
}

export function createFakeBell({ taken }: FakeBellOptions = {}): FakeBell {
  const rung: string[] = [];
  const workflows = new Map<string, FakeWorkflow>();
  const refused = new Map<string, Error>();
  const underWay = { now: 0, most: 0, mostStarts: 0 };
  let starts = 0;
  let gate: Promise<void> = Promise.resolve();

  const take = (mailbox: Mailbox): Ring => {
    const known = workflows.get(mailbox.orderLineKey);
    if (!known && mailbox.neverTaken) {
      workflows.set(mailbox.orderLineKey, { mailbox, running: true, signals: 0 });
      taken?.(mailbox, 'start');
      return 'rung';
    }
    if (!known?.running) return 'gone';
    if (!mailbox.neverTaken) {
      known.signals += 1;
      taken?.(mailbox, 'signal');
    }
    return 'rung';
  };

  const bell: FakeBell = {
    mood: 'up',
    rung,
    workflows,
    underWay,
    async ring(mailbox) {
      rung.push(mailbox.orderLineKey);
      underWay.now += 1;
      starts += mailbox.neverTaken ? 1 : 0;
      underWay.most = Math.max(underWay.most, underWay.now);
      underWay.mostStarts = Math.max(underWay.mostStarts, starts);
      try {
        await gate;
        if (bell.mood === 'down') throw new Unreachable(new Error('the fake server is down'));
        const refusal = refused.get(mailbox.orderLineKey);
        if (refusal) throw refusal;
        const ring = take(mailbox);
        if (bell.mood === 'lost answer') throw new Unreachable(new Error('the answer got lost'));
        return ring;
      } finally {
        underWay.now -= 1;
        starts -= mailbox.neverTaken ? 1 : 0;
      }
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return () => {
        gate = Promise.resolve();
        resolve();
      };
    },
    refuse(orderLineKey, error) {
      if (error) refused.set(orderLineKey, error);
      else refused.delete(orderLineKey);
    },
    close(orderLineKey) {
      const known = workflows.get(orderLineKey);
      if (!known) throw new Error(`no workflow for ${orderLineKey}`);
      known.running = false;
    },
  };
  return bell;
}
