import { styleText } from 'node:util';

import { displayWidth, pad, visible } from './width.ts';

/** `github`: annotations of GitHub Actions, for `check` alone. */
export const FORMATS = ['text', 'json', 'jsonl', 'github'] as const;
export type Format = (typeof FORMATS)[number];
export type ColorChoice = 'auto' | 'always' | 'never';
export type Style = Parameters<typeof styleText>[0];

/** The part of a stream that printing needs. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** Where a command prints: the result to stdout in the chosen format, everything else to stderr. */
export interface Output {
  readonly format: Format;
  /** One line of the result, as it is. For text that holds no data from outside, or data made `visible`. */
  line(text: string): void;
  /** One line of progress, on stderr. */
  progress(text: string): void;
  /** Coloured if stdout shows colours, otherwise unchanged. */
  paint(style: Style, text: string): string;
}

export interface Column<Row> {
  readonly title: string;
  /** What the cell says; null is shown as a dash. */
  readonly cell: (row: Row) => string | number | null;
  readonly align?: 'left' | 'right';
  readonly style?: (row: Row) => Style | null;
}

interface OutputOptions {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly format: Format;
  readonly color: ColorChoice;
}

export function createOutput({ stdout, stderr, env, format, color }: OutputOptions): Output {
  const colored = format === 'text' && showsColor(stdout, env, color);
  return {
    format,
    line: (text) => void stdout.write(`${text}\n`),
    progress: (text) => void stderr.write(`${text}\n`),
    // Whether to colour is decided here, not by the state of this process's own stdout.
    paint: (style, text) => (colored ? styleText(style, text, { validateStream: false }) : text),
  };
}

/** `auto` is a terminal that is not `dumb`, without a NO_COLOR that is not empty (no-color.org). */
function showsColor(stream: TextStream, env: OutputOptions['env'], choice: ColorChoice): boolean {
  if (choice !== 'auto') return choice === 'always';
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/** Prints rows: text as a table by columns, `json` as one array and `jsonl` as one line a row, both with the whole rows. */
export function printTable<Row>(output: Output, rows: readonly Row[], columns: readonly Column<Row>[]): void {
  if (output.format === 'json') return output.line(JSON.stringify(rows, null, 2));
  if (output.format === 'jsonl') return rows.forEach((row) => output.line(JSON.stringify(row)));
  const cells = rows.map((row) => columns.map((column) => visible(String(column.cell(row) ?? '–'))));
  const widths = columns.map(({ title }, index) => Math.max(displayWidth(title), ...cells.map((line) => displayWidth(line[index] ?? ''))));
  const print = (texts: readonly string[], style: (column: Column<Row>) => Style | null): void => {
    const padded = columns.map((column, index) => {
      const text = texts[index] ?? '';
      const last = index === columns.length - 1 && column.align !== 'right';
      const chosen = style(column);
      const full = last ? text : pad(text, widths[index] ?? 0, column.align);
      return chosen === null ? full : output.paint(chosen, full);
    });
    output.line(padded.join('  ').trimEnd());
  };
  print(columns.map(({ title }) => title), () => 'bold');
  for (const [index, row] of rows.entries()) print(cells[index] ?? [], (column) => column.style?.(row) ?? null);
}

/** Prints one thing: text as `name  value` lines, `json` indented, `jsonl` on one line. Values that are objects are shown as JSON. */
export function printRecord(output: Output, record: Readonly<Record<string, unknown>>): void {
  if (output.format === 'json') return output.line(JSON.stringify(record, null, 2));
  if (output.format === 'jsonl') return output.line(JSON.stringify(record));
  const width = Math.max(0, ...Object.keys(record).map(displayWidth));
  for (const [name, value] of Object.entries(record)) {
    output.line(`${output.paint('bold', pad(name, width))}  ${visible(asText(value))}`);
  }
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
