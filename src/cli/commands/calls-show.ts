import { showCall } from '../../operations/show-call.ts';
import { CommandError } from '../command-error.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { stamp } from '../flags.ts';
import { printRecord } from '../output.ts';
import { withStore } from '../with-store.ts';

export const command = defineCommand({
  arguments: [{ name: '<id>', summary: 'id of the call, from `kookeeper calls list`' }],
  flags: {},
  examples: ['kookeeper calls show 0199c0de-0000-7000-8000-000000000000'],
  run: async (context, _flags, [id = '']) => {
    const call = await withStore(context, (store) => showCall(store, id));
    if (!call) throw new CommandError('NO_SUCH_CALL', `no call ${id}: \`kookeeper calls list\` shows the newest; older ones are pruned after calls.keepDays`);
    const { receivedAt, ...rest } = call;
    printRecord(context.output, context.output.format === 'text' ? { receivedAt: `${stamp(receivedAt)} UTC`, ...rest } : call);
    return EXIT.ok;
  },
});
