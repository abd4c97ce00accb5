import type { ActionDone } from '../../simulator/control/app.ts';
import { BadSetting } from '../../simulator/errors.ts';
import { readSetting } from '../../simulator/setting.ts';
import { defineCommand, invalid, type CliCommand, type Context, type Flags, type FlagValues, type ValueFlag } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { stamp } from '../flags.ts';
import { printRecord } from '../output.ts';
import { visible } from '../width.ts';
import { askMarket, folderFlag } from './control-client.ts';
import { printCalls } from './tell.ts';

export interface ActionCommand<F extends Flags> {
  /** Its name in the control API. */
  readonly action: string;
  readonly arguments?: readonly { readonly name: string; readonly summary: string }[];
  readonly flags: F;
  readonly examples: readonly [string, ...string[]];
  /** What the control API is sent. */
  readonly input: (flags: FlagValues<F>, args: readonly string[]) => Readonly<Record<string, unknown>>;
}

/** A command that has the running market do something, and prints every call that came of it. Exit code 1 when one of them has a bad verdict. */
export function actionCommand<const F extends Flags>({ action, arguments: names, flags, examples, input }: ActionCommand<F>): CliCommand {
  // A flag may be given several times, but its parser sees one text at a time; a command line is one run of the program, so it can collect.
  const edits = collector();
  return defineCommand({
    ...(names === undefined ? {} : { arguments: names }),
    flags: { folder: folderFlag, set: edits.set, drop: edits.drop, ...flags },
    examples,
    run: async (context, values, args) => {
      const { set, drop } = edits.take();
      const wanted = { ...(set === null ? {} : { set }), ...(drop === null ? {} : { drop }) };
      const done = await askMarket<ActionDone>(context, String(values.folder), `/actions/${action}`, { ...input(values, args), ...wanted });
      return print(context, done);
    },
  });
}

function print({ output }: Context, { order, calls }: ActionDone): ExitCode {
  if (output.format !== 'text') printRecord(output, { order, calls });
  else {
    if (order !== null) output.line(visible(`${order.type} ${order.orderId} · instance ${order.instanceId ?? '–'} · ${order.status} · until ${stamp(order.paidUntil) ?? '–'}`));
    printCalls(output, calls);
  }
  return calls.every(({ verdict }) => verdict.ok) ? EXIT.ok : EXIT.failed;
}

interface Collector {
  readonly set: ValueFlag<null>;
  readonly drop: ValueFlag<null>;
  take(): { readonly set: Readonly<Record<string, unknown>> | null; readonly drop: readonly string[] | null };
}

function collector(): Collector {
  let set: Record<string, unknown> = {};
  let drop: string[] = [];
  return {
    set: {
      value: 'name=value',
      summary: 'a field of the call or of the order query to say otherwise, in this order’s repeats too; name:=json for what is no text; may be repeated',
      fallback: null,
      fallbackText: 'none',
      parse: (text) => {
        const [name, value] = setting(text);
        set[name] = value;
        return null;
      },
    },
    drop: {
      value: 'name',
      summary: 'a field of the call or of the order query to leave out; may be repeated',
      fallback: null,
      fallbackText: 'none',
      parse: (name) => {
        drop.push(name);
        return null;
      },
    },
    take() {
      const taken = { set: Object.keys(set).length === 0 ? null : set, drop: drop.length === 0 ? null : drop };
      set = {};
      drop = [];
      return taken;
    },
  };
}

function setting(text: string): [string, unknown] {
  try {
    return readSetting(text);
  } catch (error) {
    throw error instanceof BadSetting ? invalid(error.message) : error;
  }
}
