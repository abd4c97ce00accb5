import { CaptureRefused } from '../../marketplace/captured/capture-refused.ts';
import { readCaptured } from '../../marketplace/captured/read-captured.ts';
import type { CapturedCall, Explanation } from '../../marketplace/explain/explain.ts';
import type { Trial } from '../../marketplace/explain/verify-steps.ts';
import { readStamp } from '../../marketplace/times.ts';
import { asBadInput } from '../bad-input.ts';
import { keysFor, kitFlag } from '../call-by-hand.ts';
import { CommandError } from '../command-error.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { stamp, textFlag } from '../flags.ts';
import { printRecord, type Output } from '../output.ts';
import { printSteps } from '../print-call.ts';
import { readBytes, readInput } from '../read-input.ts';
import { visible } from '../width.ts';

export const command = defineCommand({
  arguments: [{ name: '[link]', summary: 'the URL that was called, with its query; the body comes by --body' }],
  flags: {
    kit: kitFlag,
    file: { ...textFlag('path', 'a curl command, a link with the body below it, or JSON with "url" and "body"; - for standard input'), fallbackText: 'standard input' },
    body: { ...textFlag('path', 'the body’s bytes; - for standard input'), fallbackText: 'as pasted' },
  },
  examples: ['kookeeper verify --file pasted.txt', "kookeeper verify 'https://isv.example.com/saas?signature=…&timestamp=…&nonce=…' --body body.json", 'kookeeper sign newInstance --as curl | kookeeper verify'],
  run: async (context, { kit, file, body }, [link]) => {
    const { config, keys } = await keysFor(context, kit);
    const call = await capture(link, file, body);
    const trials = kit.trials(call, keys);
    const found = kit.explain(call, config.keys, null);
    const holding = trials.find(({ holds }) => holds) ?? null;
    const holds = holding !== null && found.some(({ id }) => id === 'holds');
    const { signature = '', timestamp = '' } = call.query;
    if (context.output.format === 'text') print(context.output, call, { trials, shown: holding ?? trials[0] ?? null, holds, found });
    else printRecord(context.output, { holds, signature, signedAt: readStamp(timestamp), trials, found: found.map(({ id, says, mend, page }) => ({ id, says, mend, page })) });
    return holds ? EXIT.ok : EXIT.failed;
  },
});

async function capture(link: string | undefined, file: string | null, body: string | null): Promise<CapturedCall> {
  if (link !== undefined && file !== null) throw new CommandError('WHICH_CALL', 'give a link or --file, not both', EXIT.badInput);
  if (link === undefined && body === '-' && (file === null || file === '-')) throw new CommandError('WHICH_CALL', 'standard input cannot hold both the call and its body: put one into a file', EXIT.badInput);
  if (link === undefined && file === null && process.stdin.isTTY) process.stderr.write('paste the call, then Ctrl-D\n');
  const text = link ?? (await readInput(file ?? '-'));
  const bytes = body === null ? null : await readBytes(body);
  return asBadInput([CaptureRefused], () => readCaptured(text, bytes));
}

interface Verified {
  readonly trials: readonly Trial[];
  /** The one that holds, else the one that should. */
  readonly shown: Trial | null;
  readonly holds: boolean;
  readonly found: readonly Explanation[];
}

function print(output: Output, { query: { signature = '', timestamp = '', nonce = '' } }: CapturedCall, { trials, shown, holds, found }: Verified): void {
  const at = readStamp(timestamp);
  const signedAt = at === null ? '' : ` (${stamp(at)} UTC)`;
  output.line(`signature  ${visible(signature) || '–'}`);
  output.line(`timestamp  ${visible(timestamp) || '–'}${signedAt}`);
  output.line(`nonce      ${visible(nonce) || '–'}`);
  output.line('');
  if (shown !== null) {
    output.line(output.paint('dim', shown.holds ? 'how it is made' : 'how the right one would be made with our key'));
    printSteps(output, shown);
  }
  output.line('');
  for (const trial of trials) output.line(`${trial.holds ? output.paint('green', '✓') : output.paint('red', '✗')} ${keyName(trial, trials)}, ${FORMS[trial.form]}`);
  output.line('');
  if (holds) output.line(output.paint('green', '✓ the signature holds; a receiver takes it within 60 s of its stamp, once'));
  else if (found.length === 0) output.line(output.paint('red', '✗ no known mistake makes this signature: another access key, or the call was changed on its way'));
  for (const { id, says, mend } of found) {
    if (id === 'holds') continue;
    output.line(`${holds ? '!' : output.paint('red', '✗')} ${id}: ${says}`);
    output.line(`  ${mend}`);
  }
}

const FORMS: Readonly<Record<Trial['form'], string>> = { raw: 'the body as it is', reserialised: 'the body sorted, compact, without nulls' };

function keyName({ key }: Trial, trials: readonly Trial[]): string {
  return trials.some((other) => other.key > 0) ? (key === 0 ? 'newer key' : 'older key') : 'our key';
}
