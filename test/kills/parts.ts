import { setTimeout as delay } from 'node:timers/promises';
import { findServer } from '../../src/temporal/dev-server/find-server.ts';
import { startDevServer, type DevServer, type DevServerOptions } from '../../src/temporal/dev-server/start.ts';
import { kookeeper } from '../support/kookeeper.ts';

/** A process that can be killed and started again. */
export interface Part {
  /** Resolves when it has been started, not when it works. */
  start(): Promise<void>;
  /** kill -9. False when there was nothing to kill: it was down, or on its way up. */
  kill(): Promise<boolean>;
  stop(): Promise<void>;
}

/** A process that ended although nobody killed it, as told by its exit code and the end of what it said. */
export type OnOwnEnd = (code: number | null, said: string) => void;

/** How long whoever runs the processes (systemd, Kubernetes) takes to start one again, ms. */
const START_AGAIN = 500;

export interface Command {
  readonly args: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Told what each process said on stderr, once it has ended. */
  readonly said: (err: string) => void;
  readonly ownEnd: OnOwnEnd;
}

/** `kookeeper <args>` in a process of its own; one that ends by itself is started again. */
export function commandPart({ args, folder, env, said, ownEnd }: Command): Part {
  let wanted = false;
  let running: ReturnType<typeof kookeeper> | null = null;

  const launch = (): void => {
    const started = kookeeper(args, folder, env);
    running = started;
    void started.ended.then(async ({ code, err }) => {
      said(err);
      if (running !== started) return;
      running = null;
      ownEnd(code, err.slice(-600));
      await delay(START_AGAIN);
      if (wanted && running === null) launch();
    });
  };
  const end = async (signal: NodeJS.Signals): Promise<boolean> => {
    wanted = false;
    if (running === null) return false;
    const { child, ended } = running;
    running = null;
    child.kill(signal);
    await ended;
    return true;
  };
  return {
    start() {
      wanted = true;
      if (running === null) launch();
      return Promise.resolve();
    },
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGKILL');
    },
  };
}

/** Temporal's development server, with its database in a file. It is the server itself that is killed, not the guard before it. */
export async function temporalPart(options: Omit<DevServerOptions, 'cli'>, ownEnd: OnOwnEnd): Promise<Part> {
  const found = await findServer({});
  if (found.kind !== 'cli') throw new Error('a server of its own is killed here: unset TEMPORAL_ADDRESS');
  const state: { wanted: boolean; running: DevServer | null } = { wanted: false, running: null };

  const launch = async (): Promise<void> => {
    while (state.wanted && state.running === null) {
      try {
        const server = await startDevServer({ cli: found.path, ...options });
        if (!state.wanted) return await server.stop();
        state.running = server;
        void server.exited.then((code) => {
          if (state.running !== server) return;
          state.running = null;
          ownEnd(code, 'see its log');
          void launch();
        });
      } catch (error) {
        ownEnd(null, String(error).slice(-600));
        await delay(START_AGAIN);
      }
    }
  };
  return {
    async start() {
      state.wanted = true;
      await launch();
    },
    async kill() {
      if (state.running === null) return false;
      state.wanted = false;
      const { pid, exited } = state.running;
      state.running = null;
      process.kill(pid, 'SIGKILL');
      await exited;
      return true;
    },
    async stop() {
      state.wanted = false;
      const { running } = state;
      state.running = null;
      await running?.stop();
    },
  };
}
