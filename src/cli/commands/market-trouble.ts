import { DISORDERS } from '../../simulator/disorder.ts';
import { ORDER_QUERY_TROUBLES, USAGE_PUSH_TROUBLES, type UsagePushTrouble } from '../../simulator/open-api/trouble.ts';
import { CommandError } from '../command-error.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { choiceFlag } from '../flags.ts';
import { readChances, seedFlag } from '../market/chances.ts';
import { askMarket, folderFlag } from '../market/control-client.ts';
import { printRecord } from '../output.ts';

export const command = defineCommand({
  arguments: [{ name: '[trouble...]', summary: `${Object.keys(DISORDERS).join(', ')}, with =chance from 0 to 1, else always` }],
  flags: {
    folder: folderFlag,
    seed: seedFlag,
    orderQuery: { ...choiceFlag('what goes wrong with the order query', ORDER_QUERY_TROUBLES), fallbackText: 'nothing' },
    usagePush: { ...choiceFlag('what goes wrong with the usage push', Object.keys(USAGE_PUSH_TROUBLES) as UsagePushTrouble[]), fallbackText: 'nothing' },
  },
  examples: ['kookeeper market trouble duplicate lost-answer=0.3 --seed 7', 'kookeeper market trouble --order-query slow', 'kookeeper market trouble --usage-push partial', 'kookeeper market trouble'],
  run: async (context, { folder, seed, orderQuery, usagePush }, args) => {
    printRecord(context.output, await askMarket<Readonly<Record<string, unknown>>>(context, folder, '/trouble', { seed, chances: chances(args), orderQuery, usagePush }));
    return EXIT.ok;
  },
});

function chances(args: readonly string[]) {
  try {
    return readChances(args);
  } catch (error) {
    throw new CommandError('BAD_TROUBLE', error instanceof Error ? error.message : String(error), EXIT.badInput);
  }
}
