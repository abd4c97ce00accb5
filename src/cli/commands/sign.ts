import { asCurl, NotForCurl } from '../../simulator/by-hand/as-curl.ts';
import { asBadInput } from '../bad-input.ts';
import { activityArgument, addressOf, callFlags, ownAddress, prepareCall } from '../call-by-hand.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { choiceFlag, textFlag } from '../flags.ts';
import { printRecord } from '../output.ts';
import { printRequest, printSteps, requestRecord } from '../print-call.ts';

export const command = defineCommand({
  arguments: [activityArgument],
  flags: {
    ...callFlags,
    to: { ...textFlag('url', 'the production address'), fallbackText: 'this machine’s' },
    as: { ...choiceFlag('prints a command instead', ['curl']), fallbackText: 'none' },
  },
  examples: [
    'kookeeper sign newInstance --set orderId=CS2211181819B4LVS',
    'kookeeper sign --file body.json --nonce n --timestamp 1767225600123 --output json',
    'kookeeper sign queryInstance --to https://isv.example.com/koogallery/saas --as curl',
  ],
  run: async (context, { to, as, ...flags }, [activity]) => {
    const { output } = context;
    const { kit, config, signer, sending, payload } = await prepareCall(context, flags, activity, false);
    const request = kit.request(to === null ? ownAddress(config, kit) : addressOf(to), sending, signer);
    const { steps } = kit.steps(signer.accessKey, request, payload);
    const curl = as === null ? null : asBadInput([NotForCurl], () => asCurl(request));
    if (output.format !== 'text') printRecord(output, { kit: kit.name, ...requestRecord(request), steps, ...(curl === null ? {} : { curl }) });
    // As it is: a shell must get exactly these characters.
    else if (curl !== null) output.line(curl);
    else {
      printRequest(output, request);
      output.line('');
      printSteps(output, { steps });
    }
    return EXIT.ok;
  },
});
