import { listCalls } from '../../operations/list-calls.ts';
import { listRefusals } from '../../operations/list-refusals.ts';
import { CommandError } from '../command-error.ts';
import { defineCommand, type Context } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { choiceFlag, limitFlag, stamp, textFlag } from '../flags.ts';
import { printTable } from '../output.ts';
import { withStore } from '../with-store.ts';

export const command = defineCommand({
  flags: {
    limit: limitFlag,
    instance: textFlag('id', 'only calls for this instance'),
    verb: textFlag('activity', 'only this activity, for example newInstance'),
    kind: choiceFlag('live calls, or the debugging calls and probes (调测, 拨测)', ['live', 'test']),
    refused: { summary: 'the calls that were turned away, with the reason and the known mistake behind a bad signature; goes with --limit alone' },
  },
  examples: ['kookeeper calls list --verb newInstance', 'kookeeper calls list --refused --output json'],
  run: async (context, { limit, instance, verb, kind, refused }) => {
    if (refused) {
      if (instance !== null || verb !== null || kind !== null) {
        throw new CommandError('NOT_FOR_REFUSED', '--refused goes with --limit alone: a call that was turned away was not read as far as --instance, --verb or --kind', EXIT.badInput);
      }
      return printRefusals(context, limit);
    }
    const filter = { limit, ...(instance === null ? {} : { instanceId: instance }), ...(verb === null ? {} : { verb }), ...(kind === null ? {} : { kind }) };
    const rows = await withStore(context, (store) => listCalls(store, filter));
    printTable(context.output, rows, [
      { title: 'RECEIVED (UTC)', cell: ({ receivedAt }) => stamp(receivedAt) },
      { title: 'ACTIVITY', cell: ({ verb: activity }) => activity },
      { title: 'KIND', cell: ({ kind: of }) => of },
      { title: 'CODE', cell: ({ resultCode }) => resultCode, style: ({ resultCode }) => (resultCode === '000000' ? 'green' : 'yellow') },
      { title: 'MESSAGE', cell: ({ resultMsg }) => resultMsg },
      { title: 'INSTANCE', cell: ({ instanceId }) => instanceId },
      { title: 'ID', cell: ({ id }) => id, style: () => 'dim' },
    ]);
    return EXIT.ok;
  },
});

async function printRefusals(context: Context, limit: number): Promise<ExitCode> {
  const rows = await withStore(context, (store) => listRefusals(store, limit));
  printTable(context.output, rows, [
    { title: 'RECEIVED (UTC)', cell: ({ receivedAt }) => stamp(receivedAt) },
    { title: 'ACTIVITY', cell: ({ verb }) => verb },
    { title: 'CODE', cell: ({ resultCode }) => resultCode, style: () => 'yellow' },
    { title: 'MESSAGE', cell: ({ resultMsg }) => resultMsg },
    // The name alone: `calls show` has the sentence, `explain` what to do.
    { title: 'MISTAKE', cell: ({ mistake }) => mistake?.split(':')[0] ?? null },
    { title: 'ID', cell: ({ id }) => id, style: () => 'dim' },
  ]);
  return EXIT.ok;
}
