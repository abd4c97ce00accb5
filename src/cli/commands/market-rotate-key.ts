import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { keepBaseKey } from '../../simulator/control/keys.ts';
import { newKeys } from '../../simulator/keys.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { askMarket, folderFlag } from '../market/control-client.ts';
import { givenKeys } from '../market/given-keys.ts';
import { printRecord } from '../output.ts';

const random = (size: number): Uint8Array => randomBytes(size);

export const command = defineCommand({
  flags: { folder: folderFlag },
  examples: ['kookeeper market rotate-key', 'KOOGALLERY_BASE_KEY_FILE=./next-key kookeeper market rotate-key'],
  run: async (context, { folder }) => {
    const { base: given } = givenKeys(context.env, context.cwd);
    const base = given ?? newKeys(random).base;
    await askMarket<unknown>(context, folder, '/rotate-key', { base });
    // Ours opens this market alone and may be shown; one from outside may be the real one, and stays where it is kept.
    const keptIn = given === undefined ? await keepBaseKey(resolve(context.cwd, folder), base, random) : null;
    const shown = given === undefined ? base : '(as given to this command)';
    printRecord(context.output, { signsNow: shown, keptIn, sellerNeeds: `KOOGALLERY_BASE_KEY=${shown},(the key before it)` });
    return EXIT.ok;
  },
});
