import { instructionOf, problemOf, type PersonInput } from '../../lifecycle/person-input.ts';
import { act } from '../../operations/act.ts';
import { byHand, instanceArgument, waitFlag } from '../by-hand.ts';
import { defineCommand, invalid, type ValueFlag } from '../command.ts';

export const command = defineCommand({
  arguments: [instanceArgument],
  flags: {
    code: inputFlag('code', 'the result code that KooGallery is told, 000100 to 000107 (docs/reference/replies.md)', '000104'),
    message: inputFlag('text', 'why, in at most 200 characters of printable ASCII: KooGallery shows it among the interface messages', 'given up by the seller'),
    wait: waitFlag,
  },
  examples: ['kookeeper instance abandon CS2611210001-000001', "kookeeper instance abandon CS2611210001-000001 --code 000106 --message 'sold out in this region'"],
  run: (context, { code, message, wait }, [name = '']) => byHand(context, 'abandon', name, wait, (desk) => act(desk, name, instructionOf('abandon', { code, message }))),
});

function inputFlag(value: string, summary: string, fallback: string): ValueFlag<string> {
  return {
    value,
    summary,
    fallback,
    parse: (text) => {
      const input: PersonInput = value === 'code' ? { code: text } : { message: text };
      const problem = problemOf('abandon', input);
      if (problem !== null) throw invalid(problem);
      return text;
    },
  };
}
