import { checkFlags } from '../check-flags.ts';
import { defineCommand } from '../command.ts';

export const command = defineCommand({
  arguments: [{ name: '<url>', summary: "the seller's production address, with its path" }],
  flags: checkFlags,
  examples: ['kookeeper check https://isv.example.cn/koogallery/saas', 'kookeeper check http://localhost:8080/koogallery/saas --only auth,query.hundred-ids --output json'],
  formats: ['text', 'json', 'jsonl', 'github'],
  // Help and completion ask for the flags alone, and need neither the market nor its database.
  run: async (context, flags, [url = '']) => (await import('../run-check.ts')).runCheck(context, flags, url),
});
