// Confirms that the histories cover the workflow code as it stands: node test/replay/confirm.ts '<why>'
// Writes test/replay/covered.json, but only when today's code does the very same as every history. The changed lines are there to be reviewed.
import { writeFileSync } from 'node:fs';
import { COVERED, covered, unconfirmed, workflowCode, type Covered } from './digest.ts';
import { fixtures } from './history.ts';
import { bundleToReplay, departures, quiet } from './replay.ts';

const [why] = process.argv.slice(2);
process.exitCode = await confirm(why?.trim());

async function confirm(reason: string | undefined): Promise<number> {
  const before: Covered = covered();
  const now = workflowCode();
  const changed = unconfirmed(before, now);
  quiet();
  const bundle = await bundleToReplay();
  const found: string[] = [];
  for (const fixture of fixtures()) found.push(...(await departures(bundle, fixture)));
  if (found.length > 0) {
    console.error(`${found.join('\n')}\n\nNothing was confirmed: today's code departs from these histories. docs/guides/changing-the-workflow.md says what to do.`);
    return 1;
  }
  console.log(`Every history replays the same: ${fixtures().length}. Changed since the last confirmation: ${changed.join(', ') || 'nothing'}.`);
  if (changed.length === 0) return 0;
  if (reason === undefined || reason === '') {
    console.error(`Say why no history is missing: node test/replay/confirm.ts 'which path covers the change'`);
    return 2;
  }
  const entries = Object.entries(now).map(([name, digest]) => [name, changed.includes(name) ? [digest, reason] : before[name]] as const);
  writeFileSync(COVERED, `{\n${entries.map(([name, entry]) => `  ${JSON.stringify(name)}: ${JSON.stringify(entry)}`).join(',\n')}\n}\n`);
  return 0;
}
