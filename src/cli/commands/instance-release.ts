import { formatDuration } from '../../config/duration.ts';
import { act } from '../../operations/act.ts';
import { showInstance, type InstanceRecord } from '../../operations/show-instance.ts';
import { instructionOf } from '../../lifecycle/person-input.ts';
import { byHand, instanceArgument, noSuchInstance, waitFlag } from '../by-hand.ts';
import { CommandError } from '../command-error.ts';
import { defineCommand } from '../command.ts';
import { confirm } from '../confirm.ts';
import { EXIT } from '../exit-code.ts';
import { withStore } from '../with-store.ts';

export const command = defineCommand({
  arguments: [instanceArgument],
  flags: { yes: { summary: 'do not ask: needed where there is no terminal to ask at' }, wait: waitFlag },
  examples: ['kookeeper instance release CS2611210001-000001', 'kookeeper instance release CS2611210001-000001 --yes --output json'],
  run: async (context, { yes, wait }, [name = '']) => {
    if (!yes) {
      const instance = await withStore(context, (store) => showInstance(store, name));
      if (!instance) throw noSuchInstance(name);
      const question = consequence(instance);
      if (!process.stdin.isTTY || !process.stderr.isTTY) throw new CommandError('NOT_CONFIRMED', `${question} Say so with --yes`, EXIT.badInput);
      if (!(await confirm(question, { input: process.stdin, output: process.stderr }))) throw new CommandError('NOT_CONFIRMED', 'nothing was released', EXIT.badInput);
    }
    return byHand(context, 'release', name, wait, (desk) => act(desk, name, instructionOf('release')));
  },
});

function consequence({ orderLine, phase, state }: InstanceRecord): string {
  const { tenant } = state.actual;
  if (tenant === 'none' || tenant === 'maybe') return `Release ${orderLine} (${phase})? Nothing more is built for it, and what was begun is removed at once.`;
  const keep = `${formatDuration(state.rules.keep)} later`;
  const removal = state.desired.held ? `its data are removed ${keep}, or when the hold is taken back` : `its data are removed ${keep} (until then \`cancel-release\` takes it back)`;
  return `Release ${orderLine} (${phase})? Access ends now, and ${removal}.`;
}
