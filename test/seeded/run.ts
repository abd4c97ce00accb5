/**
 * Seeded interleavings from the command line.
 *
 *   node test/seeded/run.ts [--seed 42] [--runs 2000] [--path 17:0:3] [--trace] [--fault <name>]
 *
 * The same seed plays the same schedules in the same order. `--path` (printed with a failure) goes straight to one schedule; `--trace` then
 * tells every call and the last events; `--fault` plays with one of the deliberate faults. Exit code 1 when an invariant breaks.
 */
import { parseArgs } from 'node:util';
import { FAULTS } from './faults.ts';
import { openBench } from './bench.ts';
import { createLedger, table } from './ledger.ts';
import { play } from './play.ts';
import { report, runSuite } from './suite.ts';

const { values } = parseArgs({ options: { seed: { type: 'string' }, runs: { type: 'string' }, path: { type: 'string' }, fault: { type: 'string' }, trace: { type: 'boolean' } } });
const seed = Number(values.seed ?? process.env['KOOKEEPER_SEED'] ?? 1);
const fault = FAULTS.find(({ name }) => name === values.fault);
if (values.fault !== undefined && !fault) throw new Error(`no fault ${values.fault}; there are: ${FAULTS.map(({ name }) => name).join(', ')}`);
const wiring = fault ? fault.wiring : () => ({});
const started = performance.now();
const verdict = await runSuite({ seed, runs: Number(values.runs ?? 2_000), wiring, ...(values.path === undefined ? {} : { path: values.path }) });
if (verdict.failure && values.trace) {
  const bench = await openBench();
  await play(bench, verdict.failure.schedule, createLedger(), wiring(), (line) => console.log(line)).catch(() => undefined);
  await bench.close();
}
console.log(table(verdict.counts));
console.log(`seed ${seed}: ${verdict.runs} schedules in ${((performance.now() - started) / 1000).toFixed(1)} s, ${verdict.failure ? 'BROKEN' : 'all invariants held'}`);
if (verdict.failure) {
  console.log(report(verdict.failure, seed));
  process.exitCode = 1;
}
