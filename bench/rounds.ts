import { setTimeout as pause } from 'node:timers/promises';
import { closedLoop, type Calls, type Phase } from './closed-loop.ts';
import { spreadOf, type Load, type Spread } from './statistics.ts';

export interface Subject {
  readonly name: string;
  readonly callers: number;
  run(): Promise<Load>;
}

/** A subject's phases, one of every round. */
export interface Series {
  readonly name: string;
  readonly callers: number;
  readonly loads: readonly Load[];
}

/** Lets the servers finish what the phase before left them. */
const BETWEEN = 300;
/** No further round of a benchmark begins after this time: on a machine that is busy otherwise, fewer rounds are told instead of waited for. */
const TIME_FOR_ROUNDS = 60_000;

/** Runs every subject once in each round, so that whatever else the machine does in the meantime meets all of them. */
export async function interleave(subjects: readonly Subject[], rounds: number, progress: (text: string) => void): Promise<Series[]> {
  const series = subjects.map(({ name, callers }) => ({ name, callers, loads: [] as Load[] }));
  const until = performance.now() + TIME_FOR_ROUNDS;
  for (let round = 1; round <= rounds; round += 1) {
    if (performance.now() > until) {
      progress(`the time is up: ${round - 1} of ${rounds} rounds`);
      break;
    }
    for (const [index, { name, callers, run }] of subjects.entries()) {
      await pause(BETWEEN);
      const load = await run();
      series[index]?.loads.push(load);
      progress(`round ${round}/${rounds}  ${name}, ${callers} ${callers === 1 ? 'caller' : 'callers'}: ${Math.round(load.perSecond)}/s, p50 ${load.p50.toPrecision(2)} ms`);
    }
  }
  return series;
}

/** The series' throughput over its peer's, round by round: what slowed the machine down in a round slowed both. */
export function ratioOf(series: readonly Series[], name: string, peer: string, callers: number): Spread {
  const [ours, theirs] = [find(series, name, callers), find(series, peer, callers)];
  return spreadOf(ours.loads.map(({ perSecond }, round) => perSecond / (theirs.loads[round]?.perSecond ?? Number.NaN)));
}

function find(series: readonly Series[], name: string, callers: number): Series {
  const found = series.find((each) => each.name === name && each.callers === callers);
  if (!found) throw new RangeError(`no series ${name} with ${callers} callers`);
  return found;
}

/** A phase whose calls this process makes itself. */
export function inProcess(phase: Phase, call: () => Promise<void>): Promise<Load> {
  return withProcessorTime(() => closedLoop(phase, call));
}

/** Adds this process's processor time for each call, wherever the callers are. */
export async function withProcessorTime(measure: () => Promise<Calls>): Promise<Load> {
  const before = process.cpuUsage();
  const { made, ...load } = await measure();
  const { user, system } = process.cpuUsage(before);
  return { ...load, cpu: (user + system) / 1000 / made };
}
