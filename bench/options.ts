import { parseArgs } from 'node:util';

export const BENCHMARKS = ['create', 'carry-out', 'query', 'signature', 'stopped', 'dbos', 'query-many', 'memory', 'outage'] as const;
export type BenchmarkName = (typeof BENCHMARKS)[number];

export type DatabaseKind = 'sqlite' | 'postgres';

export interface Options {
  readonly only: readonly BenchmarkName[];
  readonly output: 'text' | 'json';
  /** Null: on those that each benchmark names for itself. */
  readonly database: DatabaseKind | null;
  /** Measured time of one phase. */
  readonly seconds: number;
  readonly rounds: number;
  /** Orders of one round of `carry-out`. */
  readonly orders: number;
  /** Instances of `query-many`. */
  readonly instances: number;
  /** Sleeping instances of `memory`. */
  readonly sleeping: number;
  /** Calls that wait at the end of the outage. */
  readonly waiting: number;
}

export const HELP = `npm run bench -- [options]

  --only <name>           one of those below; may be repeated                       [all]
  --database <kind>       sqlite or postgres (embedded, without fsync)              [as below]
  --seconds <n>           measured time of one phase                                [2]
  --rounds <n>            how often each phase is run, in turn with its peers       [3]
  --orders <n>            orders of one round of carry-out                          [200]
  --instances <n>         instances of query-many                                   [100000]
  --sleeping <n>          sleeping instances of memory                              [1000]
  --waiting <n>           calls that wait at the end of an outage                   [500]
  --output <format>       text or json                                              [text]

create       the signed create over HTTP                                            sqlite
carry-out    purchases until their instances are ready                              sqlite
query        queryInstance on 1,000 instances                                       sqlite
signature    the check of a signature                                               none
stopped      the signed create while Temporal is stopped                            sqlite, postgres
dbos         the signed create beside DBOS                                          postgres, always
query-many   queryInstance for 100 ids on 100,000 instances                         sqlite, postgres
memory       worker and Temporal server per 1,000 sleeping instances                sqlite
outage       from the end of an outage until all calls that waited are carried out  sqlite, postgres
`;

/** An argument that cannot be used; exit code 2. */
export class BadArgument extends Error {
  override readonly name = 'BadArgument';
  readonly code = 'BAD_ARGUMENT';
}

/** Null: help was asked for. Throws BadArgument. */
export function readOptions(args: readonly string[]): Options | null {
  const values = parse(args);
  if (values.help) return null;
  const seconds = Number(values.seconds);
  if (!(seconds > 0 && seconds <= 60)) throw new BadArgument('--seconds takes a number above 0, at most 60');
  return {
    only: values.only.length === 0 ? BENCHMARKS : values.only.map((name) => oneOf('only', name, BENCHMARKS)),
    output: oneOf('output', values.output, ['text', 'json']),
    database: values.database === undefined ? null : oneOf('database', values.database, ['sqlite', 'postgres']),
    seconds,
    rounds: whole('rounds', values.rounds, 20),
    orders: whole('orders', values.orders, 10_000),
    instances: whole('instances', values.instances, 1_000_000),
    sleeping: whole('sleeping', values.sleeping, 100_000, 100),
    waiting: whole('waiting', values.waiting, 10_000),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', multiple: true, default: [] },
        output: { type: 'string', default: 'text' },
        database: { type: 'string' },
        seconds: { type: 'string', default: '2' },
        rounds: { type: 'string', default: '3' },
        orders: { type: 'string', default: '200' },
        instances: { type: 'string', default: '100000' },
        sleeping: { type: 'string', default: '1000' },
        waiting: { type: 'string', default: '500' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new BadArgument(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function oneOf<const T extends string>(flag: string, value: string, choices: readonly T[]): T {
  const chosen = choices.find((choice) => choice === value);
  if (chosen === undefined) throw new BadArgument(`--${flag} takes one of ${choices.join(', ')}, not ${value}`);
  return chosen;
}

function whole(flag: string, value: string, most: number, least = 1): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < least || number > most) throw new BadArgument(`--${flag} takes a whole number from ${least} to ${most}`);
  return number;
}
