import { expect, test } from 'vitest';

import { createOutput, printRecord, printTable, type ColorChoice, type Column, type Format } from '../../src/cli/output.ts';

interface Order {
  readonly id: string;
  readonly buyer: string | null;
  readonly count: number;
}

const rows: readonly Order[] = [
  { id: 'CS1', buyer: '华为云', count: 5 },
  { id: 'CS22', buyer: null, count: 120 },
];

const columns: readonly Column<Order>[] = [
  { title: 'BUYER', cell: ({ buyer }) => buyer },
  { title: 'COUNT', cell: ({ count }) => count, align: 'right', style: ({ count }) => (count > 100 ? 'red' : null) },
  { title: 'ID', cell: ({ id }) => id },
];

function sample(format: Format, options: { color?: ColorChoice; env?: Record<string, string>; isTTY?: boolean } = {}) {
  const written = { stdout: '', stderr: '' };
  const output = createOutput({
    stdout: { write: (text) => void (written.stdout += text), isTTY: options.isTTY ?? false },
    stderr: { write: (text) => void (written.stderr += text) },
    env: options.env ?? {},
    format,
    color: options.color ?? 'auto',
  });
  return { output, written };
}

test('columns line up by what a terminal shows, Chinese letters being two wide', () => {
  const { output, written } = sample('text');
  printTable(output, rows, columns);
  expect(written.stdout).toBe('BUYER   COUNT  ID\n华为云      5  CS1\n–         120  CS22\n');
});

test('JSON holds the whole rows, not the cells', () => {
  const json = sample('json');
  printTable(json.output, rows, columns.slice(0, 1));
  expect(JSON.parse(json.written.stdout)).toEqual(rows);
  const jsonl = sample('jsonl');
  printTable(jsonl.output, rows, columns.slice(0, 1));
  expect(jsonl.written.stdout).toBe(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
});

test('no rows are a title line, an empty array, or nothing', () => {
  const results = (['text', 'json', 'jsonl'] as const).map((format) => {
    const { output, written } = sample(format);
    printTable(output, [], columns);
    return written.stdout;
  });
  expect(results).toEqual(['BUYER  COUNT  ID\n', '[]\n', '']);
});

test('data from outside can neither move the cursor nor forge a row', () => {
  const { output, written } = sample('text');
  printTable(output, [{ id: '\u001b[2Jx\nCS9\u202e', buyer: null, count: 1 }], columns);
  expect(written.stdout.trimEnd().split('\n')).toEqual(['BUYER  COUNT  ID', String.raw`–          1  \u001b[2Jx\u000aCS9\u202e`]);
});

test('a record is a line a name, or one JSON object', () => {
  const record = { id: 'CS1', plan: { seats: 3 }, error: null };
  const text = sample('text');
  printRecord(text.output, record);
  expect(text.written.stdout).toBe('id     CS1\nplan   {"seats":3}\nerror  –\n');
  for (const format of ['json', 'jsonl'] as const) {
    const json = sample(format);
    printRecord(json.output, record);
    expect(JSON.parse(json.written.stdout)).toEqual(record);
  }
});

test('progress goes to stderr', () => {
  const { output, written } = sample('text');
  output.progress('starting');
  expect(written).toEqual({ stdout: '', stderr: 'starting\n' });
});

test.each([
  { color: 'auto', isTTY: true, env: {}, colored: true },
  { color: 'auto', isTTY: false, env: {}, colored: false },
  { color: 'auto', isTTY: true, env: { NO_COLOR: '1' }, colored: false },
  { color: 'auto', isTTY: true, env: { NO_COLOR: '' }, colored: true },
  { color: 'auto', isTTY: true, env: { TERM: 'dumb' }, colored: false },
  { color: 'always', isTTY: false, env: { NO_COLOR: '1' }, colored: true },
  { color: 'never', isTTY: true, env: {}, colored: false },
] as const)('colour $color, terminal $isTTY, $env: $colored', ({ color, isTTY, env, colored }) => {
  const { output } = sample('text', { color, isTTY, env });
  expect(output.paint('red', 'x')).toBe(colored ? '\u001b[31mx\u001b[39m' : 'x');
});
