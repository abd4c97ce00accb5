import { loadConfig } from '../../config/load.ts';
import { accessData } from '../../marketplace/access-data.ts';
import { complete, type Given } from '../../operations/complete.ts';
import { createSealer } from '../../store/sealer.ts';
import { byHand, instanceArgument, waitFlag } from '../by-hand.ts';
import { CommandError } from '../command-error.ts';
import { defineCommand, type Context } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { readInput } from '../read-input.ts';

export const command = defineCommand({
  arguments: [instanceArgument],
  flags: {
    access: {
      value: 'file',
      summary: "what the buyer of a purchase gets: JSON with frontEndUrl and, where there are any, adminUrl, userName, password, memo; - for standard input. Sealed with KOOKEEPER_SECRET",
      fallback: null as string | null,
      fallbackText: 'what an earlier attempt has sealed',
      parse: (text) => text,
    },
    noAccess: { summary: 'the buyer of this purchase gets no access data' },
    wait: waitFlag,
  },
  examples: ['kookeeper instance complete CS2611210001-000001 --access access.json', 'kookeeper instance complete CS2611210001-000001 --no-access'],
  run: async (context, { access, noAccess, wait }, [name = '']) => {
    if (access !== null && noAccess) throw new CommandError('WHICH_ACCESS', 'give --access or --no-access, not both', EXIT.badInput);
    const given = access === null ? (noAccess ? 'nothing' : 'sealed before') : await readAccess(context, access);
    return byHand(context, 'complete', name, wait, (desk) => complete(desk, name, given));
  },
});

async function readAccess({ env, cwd }: Context, file: string): Promise<Given> {
  const { secrets } = await loadConfig({ env, cwd, need: 'show' });
  if (secrets.length === 0) throw new CommandError('NO_SECRET', 'set KOOKEEPER_SECRET as `serve` has it: access data are sealed with it', EXIT.badInput);
  const parsed = accessData.safeParse(json(await readInput(file)));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => [path.join('.'), message].filter((part) => part !== '').join(' '));
    throw new CommandError('BAD_ACCESS', `${file} does not hold access data: ${problems.join('; ')}`, EXIT.badInput);
  }
  return { access: JSON.stringify(parsed.data), sealer: createSealer(secrets) };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
