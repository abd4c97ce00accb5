import { listInstances } from '../../operations/list-instances.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { choiceFlag, limitFlag, stamp } from '../flags.ts';
import { printTable } from '../output.ts';
import { withStore } from '../with-store.ts';

export const command = defineCommand({
  flags: {
    limit: limitFlag,
    phase: choiceFlag('only instances in this phase', ['creating', 'active', 'frozen', 'released', 'failed']),
    needsPerson: { summary: 'only instances that wait for a person' },
    lost: { summary: 'only instances whose workflow is gone' },
  },
  examples: ['kookeeper instance list --needs-person', 'kookeeper instance list --phase frozen --output jsonl'],
  run: async (context, { limit, phase, needsPerson, lost }) => {
    const filter = { limit, ...(phase === null ? {} : { phase }), ...(needsPerson ? { needsPerson } : {}), ...(lost ? { lost } : {}) };
    const rows = await withStore(context, (store) => listInstances(store, filter));
    printTable(context.output, rows, [
      { title: 'INSTANCE', cell: ({ instanceId }) => instanceId },
      { title: 'ORDER LINE', cell: ({ orderLine }) => orderLine },
      { title: 'PHASE', cell: ({ phase: is }) => is, style: ({ phase: is }) => (is === 'active' ? 'green' : is === 'failed' ? 'red' : 'yellow') },
      { title: 'SKU', cell: ({ skuCode }) => skuCode },
      { title: 'EXPIRES (UTC)', cell: ({ expireAt }) => stamp(expireAt) },
      { title: 'WAITING', cell: ({ waiting }) => waiting, align: 'right' },
      { title: 'NEEDS A PERSON', cell: ({ needsPerson: reasons }) => reasons.join(', ') || null },
    ]);
    return EXIT.ok;
  },
});
