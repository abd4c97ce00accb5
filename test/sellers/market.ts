import type { Call } from '../../src/simulator/call.ts';
import type { ActionDone } from '../../src/simulator/control/app.ts';
import { eventually } from '../support/eventually.ts';
import { kookeeper, type Ended } from '../support/kookeeper.ts';
import { KEYS, type Variables } from './child.ts';

/** `kookeeper market` as a person has it: one process that plays on, and a command for each action. */
export interface MarketProcess {
  /** What it has printed. */
  out(): string;
  /** A command about it, to its end; its result is JSON. */
  run(...args: readonly string[]): Promise<Ended>;
  /** An action whose calls are all answered well, at a repeat at the latest. */
  act(...args: readonly string[]): Promise<ActionDone>;
  /** All that it sent. */
  calls(): Promise<readonly Call[]>;
  /** Until a line of its output fits. */
  until(line: RegExp): Promise<void>;
  stop(): Promise<Ended>;
}

/** 000005 is "not yet": a change that a busy machine has not carried out in time is asked for again, as the marketplace does. */
const NOT_YET = '000005';
const REPEATS = 20;

/** In a subfolder of `folder` named `name`. */
export async function startMarket(folder: string, name: string, env: Variables, ...args: readonly string[]): Promise<MarketProcess> {
  const { child, ended, out } = kookeeper(['market', '--folder', name, ...args], folder, env);
  let err = '';
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  await eventually(() => Promise.resolve(err.includes('Ctrl-C') || child.exitCode !== null));
  if (child.exitCode !== null) throw new Error(`the market did not start: ${err}`);
  const run: MarketProcess['run'] = (...words) => kookeeper(['market', ...words, '--folder', name, '--output', 'json'], folder, {}).ended;
  async function act(words: readonly string[], left: number): Promise<ActionDone> {
    const command = await run(...words);
    if (command.code !== 0 && command.code !== 1) throw new Error(`market ${words.join(' ')} ended with ${command.code}: ${command.err}`);
    const done = JSON.parse(command.out) as ActionDone;
    if (command.code === 0) return done;
    const refused = done.calls.filter(({ verdict }) => !verdict.ok);
    if (left === 0 || done.order === null || refused.some(({ resultCode }) => resultCode !== NOT_YET)) throw new Error(`market ${words.join(' ')}: ${command.out}`);
    return act(['restart', done.order.orderId], left - 1);
  }
  return {
    out,
    run,
    act: (...words) => act(words, REPEATS),
    calls: async () => JSON.parse((await run('calls', '--limit', '500')).out) as readonly Call[],
    async until(line) {
      await eventually(() => Promise.resolve(line.test(out())), 60_000).catch((error: unknown) => {
        throw new Error(`the market did not print ${String(line)} but\n${out()}`, { cause: error });
      });
    },
    async stop() {
      if (child.exitCode === null) child.kill('SIGINT');
      return ended;
    },
  };
}

/** `kookeeper check --live`: its exit code and its report. The seller asks the order query at that port. */
export async function checkLive(url: string, folder: string, port: string): Promise<unknown> {
  const { code, out, err } = await kookeeper(['check', url, '--live', '--open-api-port', port, '--sku', 'notes', '--product', 'notes-month', '--output', 'json'], folder, KEYS).ended;
  if (out === '') throw new Error(`check ended with ${code}: ${err}`);
  return { code, report: JSON.parse(out) as unknown };
}

/** Everything was checked and nothing found, and no instance is left. */
export const ALL_PASSED = { code: 0, report: { status: 'finished', verdict: 'passed', live: true, left: [], counts: { failed: 0, warning: 0, skipped: 0 } } };
