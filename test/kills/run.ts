import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleWorkflows } from '../../src/temporal/bundle.ts';
import { drive } from './drive.ts';
import { makePlan } from './plan.ts';
import { asMarkdown, isSound } from './report.ts';
import { openScene } from './scene.ts';

const HELP = `node test/kills/run.ts [options]

Kills API, worker and Temporal at random under a load of order lines, then counts.

  --lines <n>      order lines                              [200]
  --seed <n>       replays the plan of that seed; also KOOKEEPER_SEED   [random]
  --minutes <n>    how long load and kills last             [5]
  --gap <n>        seconds between two kills, on average    [6]
`;

/** Nothing new is learnt from a longer wait, ms, also on a machine that has much else to do: what has not happened by then is lost. */
const PATIENCE = 10 * 60_000;
const SETTLE_LIMIT = 5 * 60_000;

const progress = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { lines: { type: 'string' }, seed: { type: 'string' }, minutes: { type: 'string' }, gap: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) return void process.stdout.write(HELP);
  const number = (given: string | undefined, otherwise: number): number => {
    const read = given === undefined ? otherwise : Number(given);
    if (!(read > 0)) throw new RangeError(`${given} is not a number above 0\n\n${HELP}`);
    return read;
  };
  const seed = number(values.seed ?? process.env['KOOKEEPER_SEED'], 1 + Math.floor(Math.random() * 1_000_000));
  const plan = makePlan({ seed, lines: number(values.lines, 200), seconds: number(values.minutes, 5) * 60, gap: number(values.gap, 6), pause: 6_000 });
  progress(`seed ${seed}: ${plan.lines.length} order lines, ${plan.kills.length} kills in ${plan.seconds} s`);

  const folder = await mkdtemp(join(tmpdir(), 'kookeeper-kills-bundle-'));
  const bundlePath = join(folder, 'workflows.js');
  await writeFile(bundlePath, (await bundleWorkflows()).code);
  const scene = await openScene(bundlePath);
  const end = async (): Promise<void> => {
    await scene.close();
    await rm(folder, { recursive: true, force: true });
  };
  const interrupted = (): void => void end().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const driven = await drive(scene, plan, { patience: PATIENCE, settleLimit: SETTLE_LIMIT, progress });
    const counted = await driven.count();
    process.stdout.write(asMarkdown(plan, driven, counted, scene.said));
    process.exitCode = isSound(counted) ? 0 : 1;
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await end();
  }
}

main().catch((error: unknown) => {
  progress(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
