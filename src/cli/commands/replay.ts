import { isFailureId } from '../../conformance/failure.ts';
import { replayableCall, replayOutcome, type ReplayableCall } from '../../operations/replay-call.ts';
import { HAND_KITS, type HandKit } from '../../simulator/by-hand/kits.ts';
import { activityOf, isPlainTest, sortedForm } from '../../simulator/by-hand/make-body.ts';
import { sendOnce } from '../../simulator/by-hand/send-once.ts';
import { addressOf, ownAddress, signerFor } from '../call-by-hand.ts';
import { CommandError } from '../command-error.ts';
import { defineCommand, type Context } from '../command.ts';
import { confirm } from '../confirm.ts';
import { EXIT } from '../exit-code.ts';
import { textFlag } from '../flags.ts';
import { printRecord } from '../output.ts';
import { answerRecord, printAnswer, printRequest, requestRecord } from '../print-call.ts';
import { withStore } from '../with-store.ts';
import { exitCodeOf } from './send.ts';

export const command = defineCommand({
  arguments: [{ name: '<id>', summary: 'a call of the journal, from `kookeeper calls list`, with or without --refused; or the six digits that `kookeeper check` prints after a finding' }],
  flags: {
    to: { ...textFlag('url', 'another production address'), fallbackText: 'this machine’s, or the one that was checked' },
    yes: { summary: 'do not ask before a live call: needed where there is no terminal to ask at' },
  },
  examples: ['kookeeper replay 7f3a12', 'kookeeper replay 0199c0de-0000-7000-8000-000000000000', 'kookeeper replay 0199c0de-0000-7000-8000-000000000000 --to https://staging.example.com/koogallery/saas'],
  run: async (context, { to, yes }, [id = '']) => {
    const { output } = context;
    if (isFailureId(id)) {
      const { replayCheck } = await import('../replay-check.ts');
      return replayCheck(context, id, to === null ? null : addressOf(to), async (question) => (yes ? undefined : agree(question)));
    }
    const { recorded, kit } = await find(context, id);
    const { config, signer } = await signerFor(context, kit);
    const own = ownAddress(config, kit);
    const address = to === null ? own : addressOf(to);
    if (!yes) await ask(recorded, kit, address, isOwn(address, config.port));
    const body = Buffer.from(recorded.body);
    const signed = recorded.signed === 'reserialised' ? sortedForm(recorded.body) : null;
    const sent = await sendOnce(kit, address, { body, overrides: signed === null ? {} : { signed } }, signer);
    const { status, resultCode, verdict } = sent.call;
    const outcome = replayOutcome(recorded.resultCode, { reached: status !== null, good: verdict.ok, resultCode });
    if (output.format === 'text') {
      printRequest(output, sent.request);
      output.line('');
      printAnswer(output, sent);
      output.line(`${outcome.toUpperCase()}: ${recorded.resultCode} before, ${resultCode ?? 'no result code'} now`);
    } else printRecord(output, { id, outcome, before: recorded.resultCode, request: requestRecord(sent.request), answer: answerRecord(sent) });
    return exitCodeOf(sent);
  },
});

async function find(context: Context, id: string): Promise<{ readonly recorded: ReplayableCall; readonly kit: HandKit }> {
  const recorded = await withStore(context, (store) => replayableCall(store, id));
  if (!recorded) throw new CommandError('NO_SUCH_CALL', `no call ${id}: \`kookeeper calls list\` shows the newest, with --refused those that were turned away`);
  if (!recorded.whole) throw new CommandError('NOT_WHOLE', 'only the first 4 KiB of this refused body were kept: it cannot be sent again', EXIT.badInput);
  const kit = Object.values(HAND_KITS).find(({ name }) => name === recorded.kit);
  if (!kit) throw new CommandError('UNKNOWN_KIT', `calls of the kit ${recorded.kit} cannot be sent by hand`, EXIT.badInput);
  return { recorded, kit };
}

/** A test call may go anywhere, and a live one that only asks may go where it came from. What changes an instance may undo what has happened since. */
async function ask({ body, verb }: ReplayableCall, kit: HandKit, address: string, own: boolean): Promise<void> {
  const activity = verb ?? activityOf(body) ?? '';
  if (isPlainTest(body) || (own && kit.harmless.includes(activity))) return;
  await agree(`This is a live call (${activity || 'no activity'}), without testFlag "1". Send it to ${address}?`);
}

async function agree(question: string): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw new CommandError('NOT_CONFIRMED', `${question} Say so with --yes`, EXIT.badInput);
  if (!(await confirm(question, { input: process.stdin, output: process.stderr }))) throw new CommandError('NOT_CONFIRMED', 'nothing was sent', EXIT.badInput);
}

function isOwn(address: string, port: number): boolean {
  const { hostname, port: given, protocol } = new URL(address);
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname) && protocol === 'http:' && Number(given || 80) === port;
}
