import { resolve } from 'node:path';
import { z } from 'zod';
import { publishedAddress } from '../../simulator/control/address.ts';
import { CommandError } from '../command-error.ts';
import type { Context, ValueFlag } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const folderFlag: ValueFlag<string> = { value: 'folder', summary: "the market's folder", fallback: './market', parse: (text) => text };

const refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** Longer than the calls that one action may cause, each with its 20 s. */
const LIMIT = 200_000;

/** Asks the market that runs in this folder. Throws CommandError with `incomplete` when none answers, and with what the market refuses. */
export async function askMarket<T>({ cwd }: Pick<Context, 'cwd'>, folder: string, path: string, body?: unknown): Promise<T> {
  const at = resolve(cwd, folder);
  const url = await publishedAddress(at);
  if (url === null) throw notRunning(at);
  const post = body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(new URL(path, url), { ...post, signal: AbortSignal.timeout(LIMIT) }).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'TimeoutError') throw new CommandError('NO_ANSWER', `the market did not answer within ${LIMIT / 1000} s`, EXIT.incomplete);
    throw notRunning(at);
  });
  // The market of this same release wrote it.
  const answer: unknown = await response.json();
  if (response.ok) return answer as T;
  const { code, message } = refusal.parse(answer).error;
  throw new CommandError(code, message, response.status < 500 ? EXIT.badInput : EXIT.failed);
}

export async function isAnswering(url: string): Promise<boolean> {
  return fetch(new URL('/gauge', url), { signal: AbortSignal.timeout(2_000) }).then(
    async (response) => {
      await response.text();
      return response.ok;
    },
    () => false,
  );
}

function notRunning(folder: string): CommandError {
  return new CommandError('NO_MARKET', `no market runs in ${folder}: start one with kookeeper market --seller <url>`, EXIT.incomplete);
}
