import { sendOnce, type SentOnce } from '../../simulator/by-hand/send-once.ts';
import { activityArgument, addressOf, callFlags, prepareCall } from '../call-by-hand.ts';
import { defineCommand } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printRecord } from '../output.ts';
import { answerRecord, printAnswer, printRequest, requestRecord } from '../print-call.ts';

export const command = defineCommand({
  arguments: [{ name: '<url>', summary: 'the production address with its path' }, activityArgument],
  flags: callFlags,
  examples: [
    'kookeeper send http://localhost:8080/koogallery/saas newInstance',
    'kookeeper send https://isv.example.com/koogallery/saas queryInstance --set instanceId=i-1 --output json',
    'kookeeper send https://isv.example.com/koogallery/saas --file body.json --as-is',
  ],
  run: async (context, flags, [url = '', activity]) => {
    const { output } = context;
    const address = addressOf(url);
    const { kit, signer, sending } = await prepareCall(context, flags, activity, true);
    const sent = await sendOnce(kit, address, sending, signer);
    if (output.format === 'text') {
      printRequest(output, sent.request);
      output.line('');
      printAnswer(output, sent);
    } else printRecord(output, { kit: kit.name, request: requestRecord(sent.request), answer: answerRecord(sent) });
    return exitCodeOf(sent);
  },
});

/** 1 when the marketplace would refuse the answer, or waited for it in vain; 3 when nobody was there. */
export function exitCodeOf({ call: { verdict } }: SentOnce): ExitCode {
  if (verdict.ok) return EXIT.ok;
  return verdict.rule === 'unreachable' ? EXIT.incomplete : EXIT.failed;
}
