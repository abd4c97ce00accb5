import { loadConfig } from '../../config/load.ts';
import { CaptureRefused } from '../../marketplace/captured/capture-refused.ts';
import { readCaptured } from '../../marketplace/captured/read-captured.ts';
import { explainSignature, type CapturedCall } from '../../marketplace/explain/explain.ts';
import { capturedCall } from '../../operations/captured-call.ts';
import { asBadInput } from '../bad-input.ts';
import { CommandError } from '../command-error.ts';
import { defineCommand, type Context } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { textFlag } from '../flags.ts';
import { printTable } from '../output.ts';
import { readInput } from '../read-input.ts';
import { withStore } from '../with-store.ts';

interface Captured extends CapturedCall {
  /** When it came, UTC ms; null for a file, which says nothing of that. */
  readonly receivedAt: number | null;
}

export const command = defineCommand({
  arguments: [{ name: '[id]', summary: 'a call of the journal, from `kookeeper calls list --refused`' }],
  flags: { file: textFlag('path', 'a captured call instead, as `kookeeper verify` reads it: a curl command, a link with the body below it, or JSON with "url" and "body"; - for standard input') },
  examples: ['kookeeper explain 0199c0de-0000-7000-8000-000000000000', 'kookeeper explain --file captured.json'],
  run: async (context, { file }, [id]) => {
    const { output, env, cwd } = context;
    if ((file === null) === (id === undefined)) throw new CommandError('WHICH_CALL', 'give the id of a call, or --file with a captured one', EXIT.badInput);
    const { keys } = await loadConfig({ env, cwd, need: 'show' });
    if (keys.base.length === 0) throw new CommandError('NO_KEY', 'set KOOGALLERY_BASE_KEY: without the access key no signature can be checked', EXIT.badInput);
    const call = file === null ? await fromJournal(context, id ?? '') : await fromFile(file);
    const found = explainSignature(call, keys, call.receivedAt);
    if (found.length === 0 && output.format === 'text') {
      output.line('no known mistake makes this signature: another access key, or the call was changed on its way');
      return EXIT.failed;
    }
    printTable(output, found, [
      { title: 'FINDING', cell: ({ id: finding }) => finding },
      { title: 'WHAT', cell: ({ says }) => says },
      { title: 'MEND', cell: ({ mend }) => mend },
    ]);
    return found.some(({ id: finding }) => finding === 'holds') ? EXIT.ok : EXIT.failed;
  },
});

async function fromJournal(context: Context, id: string): Promise<Captured> {
  const call = await withStore(context, (store) => capturedCall(store, id));
  if (!call) throw new CommandError('NO_SUCH_CALL', `no call ${id}: \`kookeeper calls list --refused\` shows the newest`);
  if (!call.whole) context.output.progress('only the first 4 KiB of this body were kept: what follows can say "no known mistake" wrongly');
  return call;
}

async function fromFile(file: string): Promise<Captured> {
  const text = await readInput(file);
  return { ...asBadInput([CaptureRefused], () => readCaptured(text)), receivedAt: null };
}
