import type { CommandOutcome } from '../lifecycle/command.ts';
import { settledAmong } from '../store/mailbox.ts';
import type { Store } from '../store/open.ts';

export interface Settled {
  readonly outcome: CommandOutcome;
  readonly detail: string | null;
}

/** Waits for commands to be carried out, for the few calls whose answer is their outcome (architecture §1). */
export interface Outcomes {
  /** Null when nothing was settled within `limit` ms. Rejects when the database cannot be read. */
  wait(instanceId: string, seq: number, limit: number): Promise<Settled | null>;
}

const POLL_EVERY = 100;

interface Waiter {
  readonly instanceId: string;
  readonly seq: number;
  readonly until: number;
  resolve(settled: Settled | null): void;
  reject(error: unknown): void;
}

/** One poll for all who wait, so that a hundred waiting calls ask the database no oftener than one. */
export function createOutcomes(store: Pick<Store, 'em'>): Outcomes {
  const waiting = new Set<Waiter>();
  let polling = false;

  const poll = async (): Promise<void> => {
    while (waiting.size > 0) {
      await answer(store, waiting);
      if (waiting.size > 0) await new Promise((resolve) => setTimeout(resolve, POLL_EVERY));
    }
    polling = false;
  };

  return {
    wait: (instanceId, seq, limit) =>
      new Promise((resolve, reject) => {
        waiting.add({ instanceId, seq, until: performance.now() + limit, resolve, reject });
        if (polling) return;
        polling = true;
        void poll();
      }),
  };
}

async function answer({ em }: Pick<Store, 'em'>, waiting: Set<Waiter>): Promise<void> {
  const asked = [...waiting];
  try {
    const rows = await settledAmong(em(), asked);
    for (const waiter of asked) {
      const row = rows.find(({ instanceId, seq }) => instanceId === waiter.instanceId && seq === waiter.seq);
      if (row?.outcome) waiter.resolve({ outcome: row.outcome, detail: row.detail ?? null });
      else if (waiter.until <= performance.now()) waiter.resolve(null);
      else continue;
      waiting.delete(waiter);
    }
  } catch (error) {
    for (const waiter of asked) {
      waiting.delete(waiter);
      waiter.reject(error);
    }
  }
}
