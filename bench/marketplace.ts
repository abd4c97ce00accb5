import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Calls, Phase } from './closed-loop.ts';

export type Work =
  | { readonly do: 'open'; readonly key: string; readonly ak: string; readonly sk: string }
  | { readonly do: 'create'; readonly seller: string; readonly key: string; readonly phase: Phase }
  | { readonly do: 'query'; readonly seller: string; readonly key: string; readonly phase: Phase; readonly ids: readonly string[]; readonly perCall: number }
  | { readonly do: 'buy'; readonly seller: string; readonly orders: number; readonly callers: number };

export interface Asked {
  readonly id: number;
  readonly work: Work;
}

export interface Replied {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** The marketplace's side, in a process of its own. Addresses are of our production address, with its path. */
export interface Marketplace {
  /** Opens the simulator that answers order queries; gives the address of its open API. */
  open(keys: { readonly key: string; readonly ak: string; readonly sk: string }): Promise<string>;
  /** Signed newInstance, a new order line each; every answer must be 000004. */
  create(seller: string, key: string, phase: Phase): Promise<Calls>;
  /** Signed queryInstance for `perCall` of the ids in turn; every answer must be 000000. */
  query(seller: string, key: string, phase: Phase, ids: readonly string[], perCall: number): Promise<Calls>;
  /** Purchases through the simulator, so that their order queries are answered; resolves with the ms until the last was acknowledged. */
  buy(seller: string, orders: number, callers: number): Promise<number>;
  close(): Promise<void>;
}

export function startMarketplace(): Marketplace {
  const child = fork(new URL('./marketplace-process.ts', import.meta.url), { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = once(child, 'exit');
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let asked = 0;
  child.on('message', ({ id, result, error }: Replied) => {
    const caller = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) caller?.resolve(result);
    else caller?.reject(new Error(error));
  });
  void ended.then(() => {
    for (const { reject } of waiting.values()) reject(new Error("the marketplace's process ended"));
  });
  const ask = (work: Work): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = (asked += 1);
      waiting.set(id, { resolve, reject });
      child.send({ id, work } satisfies Asked);
    });
  return {
    open: (keys) => ask({ do: 'open', ...keys }) as Promise<string>,
    create: (seller, key, phase) => ask({ do: 'create', seller, key, phase }) as Promise<Calls>,
    query: (seller, key, phase, ids, perCall) => ask({ do: 'query', seller, key, phase, ids, perCall }) as Promise<Calls>,
    buy: (seller, orders, callers) => ask({ do: 'buy', seller, orders, callers }) as Promise<number>,
    async close() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
