import { AsyncLocalStorage } from 'node:async_hooks';
import type { Call } from './call.ts';
import type { Edits } from './edits.ts';

/** What an action was asked with, and the calls that came of it, whichever road they took. */
export interface Cause {
  readonly edits: Edits | null;
  readonly calls: Call[];
}

export interface Causes {
  run<T>(edits: Edits | null, action: () => Promise<T>): Promise<{ readonly result: T; readonly calls: readonly Call[] }>;
  /** Edits of the action under way. */
  edits(): Edits | null;
  note(call: Call): void;
}

export function createCauses(): Causes {
  const current = new AsyncLocalStorage<Cause>();
  return {
    async run(edits, action) {
      const cause: Cause = { edits, calls: [] };
      const result = await current.run(cause, action);
      return { result, calls: cause.calls.toSorted((a, b) => a.seq - b.seq) };
    },
    edits: () => current.getStore()?.edits ?? null,
    note: (call) => void current.getStore()?.calls.push(call),
  };
}
