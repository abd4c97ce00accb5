import { showInstance } from '../../operations/show-instance.ts';
import { CommandError } from '../command-error.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { stamp } from '../flags.ts';
import { printRecord, printTable } from '../output.ts';
import { withStore } from '../with-store.ts';

export const command = defineCommand({
  arguments: [{ name: '<id>', summary: 'instance id or order line' }],
  flags: {},
  examples: ['kookeeper instance show CS2611210001-000001', 'kookeeper instance show CS2611210001-000001 --output json'],
  run: async (context, _flags, [id = '']) => {
    const { output } = context;
    const instance = await withStore(context, (store) => showInstance(store, id));
    if (!instance) throw new CommandError('NO_SUCH_INSTANCE', `no instance ${id}: give its id or its order line, like CS2611210001-000001; \`kookeeper instance list\` shows both`);
    if (output.format !== 'text') {
      printRecord(output, { ...instance });
      return EXIT.ok;
    }
    const { commands, state, expireAt, createdAt, updatedAt, needsPerson: _reasons, ...rest } = instance;
    printRecord(output, {
      ...rest,
      expires: stamp(expireAt) ?? (state.desired.plan ? 'never' : null),
      frozenFor: state.desired.frozen.join(', ') || null,
      tenant: state.actual.tenant,
      lastError: state.trouble && `${state.trouble.effect}: ${state.trouble.code} ${state.trouble.message}`,
      nextTry: stamp(state.trouble?.nextTryAt),
      needsPerson: Object.entries(state.needsPerson).map(([reason, { detail }]) => `${reason} (${detail})`).join('; ') || null,
      created: stamp(createdAt),
      updated: stamp(updatedAt),
    });
    output.line('');
    printTable(output, commands, [
      { title: 'SEQ', cell: ({ seq }) => seq, align: 'right' },
      { title: 'SIGNED (UTC)', cell: ({ at }) => stamp(at) },
      { title: 'COMMAND', cell: ({ instruction }) => instruction.kind },
      { title: 'BY', cell: ({ by }) => by },
      { title: 'OUTCOME', cell: ({ outcome }) => outcome ?? 'waiting' },
      { title: 'SETTLED (UTC)', cell: ({ settledAt }) => stamp(settledAt) },
    ]);
    return EXIT.ok;
  },
});
