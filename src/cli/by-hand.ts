import { formatDuration, parseDuration } from '../config/duration.ts';
import type { Acted, Desk, Rung } from '../operations/act.ts';
import { awaitOutcome } from '../operations/await-outcome.ts';
import { showInstance, type InstanceRecord } from '../operations/show-instance.ts';
import { CommandError } from './command-error.ts';
import { invalid, type Argument, type Context, type ValueFlag } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { stamp } from './flags.ts';
import { printRecord } from './output.ts';
import { withDesk } from './with-store.ts';

export const instanceArgument: Argument = { name: '<instance>', summary: 'instance id or order line' };

export const waitFlag: ValueFlag<number> = {
  value: 'time',
  summary: 'how long to wait until it is carried out, for example 30s; 0 returns once it is in the mailbox',
  fallback: 10_000,
  fallbackText: '10s',
  parse: (text) => {
    const wait = parseDuration(text === '0' ? 0 : text);
    if (wait === null) throw invalid('give a length of time like 30s or 2m, or 0');
    return wait;
  },
};

export function noSuchInstance(name: string): CommandError {
  return new CommandError('NO_SUCH_INSTANCE', `no instance ${name}: give its id or its order line, like CS2611210001-000001; \`kookeeper instance list\` shows both`);
}

/** Gives a person's command, waits for its outcome, and prints it. Exit code 0 when it was admitted, or was so already; 1 when it cannot be done, with the reason. */
export async function byHand(context: Context, action: string, name: string, wait: number, give: (desk: Desk) => Promise<Acted | null>): Promise<ExitCode> {
  return withDesk(context, async (desk) => {
    const acted = await give(desk);
    if (!acted) throw noSuchInstance(name);
    if (acted.verdict === 'no') throw new CommandError('NOT_NOW', `${acted.orderLine}: ${acted.message}`);
    const { instanceId, orderLine } = acted;
    if (acted.verdict === 'done') return print(context, { action, instanceId, orderLine, command: null, outcome: acted.carriedOut ? 'done' : 'waiting', detail: acted.carriedOut ? 'it was so already' : 'asked for already', next: acted.carriedOut ? null : 'an earlier command asks for it and is not carried out yet: `kookeeper instance show` has its outcome' }, await showInstance(desk.store, instanceId));
    const { seq, rung } = acted;
    const patience = rung === 'rung' || rung === 'left' ? wait : 0;
    if (patience > 1_000) context.output.progress(`command ${seq} is in the mailbox; waiting up to ${formatDuration(patience)} for its outcome`);
    const ended = await awaitOutcome(desk.store, instanceId, seq, patience);
    const told = { action, instanceId, orderLine, command: seq, outcome: ended?.outcome ?? 'waiting', detail: ended?.detail ?? null, next: ended ? null : COMES_NEXT[rung] };
    return print(context, told, await showInstance(desk.store, instanceId));
  });
}

/** What becomes of a command that has no outcome yet: it is never lost. */
const COMES_NEXT: Readonly<Record<Rung, string>> = {
  rung: 'it is admitted, and Temporal knows: a worker carries it out, after what is under way; `kookeeper instance show` has its outcome',
  left: 'it is admitted and kept: it is carried out as soon as `serve` (or `api` and `worker`) runs on this database; `kookeeper instance show` has its outcome',
  unreachable: 'it is admitted and kept, but Temporal does not answer here: once it does, and `serve` (or `api` and `worker`) runs, it is carried out',
  gone: 'it is admitted, and waits: no workflow carries this instance any more, its life was lost; `kookeeper instance revive` starts it again, and the command is carried out',
};

interface Told {
  readonly action: string;
  readonly instanceId: string;
  readonly orderLine: string;
  readonly command: number | null;
  readonly outcome: string;
  readonly detail: string | null;
  readonly next: string | null;
}

function print({ output }: Context, told: Told, instance: InstanceRecord | null): ExitCode {
  const trouble = instance?.state.trouble;
  printRecord(output, {
    ...told,
    phase: instance?.phase ?? null,
    frozenFor: instance?.state.desired.frozen.join(', ') || null,
    lastError: trouble ? `${trouble.effect}: ${trouble.code} ${trouble.message}` : null,
    nextTry: stamp(trouble?.nextTryAt),
    needsPerson: instance?.needsPerson.join(', ') || null,
  });
  return told.outcome === 'failed' || told.outcome === 'superseded' ? EXIT.failed : EXIT.ok;
}
