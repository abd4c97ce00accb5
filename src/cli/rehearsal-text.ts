import { formatDuration } from '../config/duration.ts';
import type { Clocks } from '../config/types.ts';
import type { Cast, Rehearsal } from '../rehearsal/rehearse.ts';
import type { After, Line } from '../rehearsal/timeline.ts';
import { stamp } from './flags.ts';
import type { Output } from './output.ts';
import { pad, visible } from './width.ts';

/** What is played, before the first line. */
export function printCast(output: Output, { about, skuCode, productId, level, seed, clocks }: Cast): void {
  output.line(output.paint('bold', `${skuCode} / ${productId} · customer level ${level} · seed ${seed}`));
  if (about !== '') output.line(visible(about));
  output.line(`clocks  ${clocksText(clocks)}`);
  output.line('');
  output.line(output.paint('bold', `${pad('day', 7, 'right')}  ${pad('instant (UTC)', 19)}  ${pad('who', 8)}  ${pad('what', 26)}  ${pad('result', 9)}  then`));
}

/** Prints the lines as they come; what the platform repeats, and what keeps failing, takes one line more for all, whatever the number. */
export function linePrinter(output: Output): { readonly line: (line: Line) => void; readonly end: () => void } {
  let said = new Set<string>();
  let state = '';
  let repeats: Line[] = [];
  const end = (): void => {
    const newest = repeats.at(-1);
    const counts = Map.groupBy(repeats, ({ what, result }) => `${what} ${result}`.trimEnd());
    const told = [...counts].map(([what, lines]) => `${what} ${times(lines.length)}`).join(', ');
    if (newest !== undefined) output.line(`${''.padStart(7)}  ${stamp(newest.at)}  ${pad('', 8)}  until here the same again: ${visible(told)}`);
    repeats = [];
  };
  return {
    line(line) {
      const { who, what, result, ok, after } = line;
      const text = JSON.stringify([who, what, result, after]);
      if ((who === 'platform' || !ok) && said.has(text)) return void repeats.push(line);
      end();
      if (after !== null && JSON.stringify(after) !== state) {
        state = JSON.stringify(after);
        said = new Set();
      }
      said.add(text);
      printLine(output, line);
    },
    end,
  };
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function printLine(output: Output, { at, day, who, what, result, note, lateMs, due, after, ok }: Line): void {
  const late = due === null || lateMs === null ? null : `due ${stamp(due)}, ${lateMs} ms late`;
  const tail = [note === '' ? null : note, late, after && afterText(after)].filter((part) => part !== null).join(' · ');
  const text = `${day.toFixed(1).padStart(7)}  ${stamp(at)}  ${pad(who, 8)}  ${pad(visible(what), 26)}  ${pad(visible(result), 9)}  ${visible(tail)}`.trimEnd();
  output.line(ok ? (result === 'own clock' ? output.paint('cyan', text) : text) : output.paint('red', text));
}

/** The invariants, what was not as expected, and the verdict. */
export function printEnd(output: Output, { invariants, failures, ok, clockActs, lines, boughtAt, endedAt }: Rehearsal, seconds: number): void {
  output.line('');
  for (const { id, rule, verdict, checked, notes } of invariants) {
    const sign = verdict === 'held' ? '✓' : verdict === 'broken' ? '✗' : '–';
    const told = verdict === 'held' ? `held, looked at ${times(checked)}` : verdict === 'broken' ? 'BROKEN' : 'not applicable here';
    const text = `${sign} ${pad(String(id), 2, 'right')} ${rule}: ${told}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`;
    output.line(verdict === 'broken' ? output.paint('red', visible(text)) : visible(text));
  }
  for (const { path, text } of failures) output.line(output.paint('red', visible(`✗ ${path}: ${text}`)));
  output.line('');
  const counted = (wanted: (typeof invariants)[number]['verdict']): number => invariants.filter(({ verdict }) => verdict === wanted).length;
  const days = ((endedAt - boughtAt) / 86_400_000).toFixed(0);
  const [held, broken] = [counted('held'), counted('broken')];
  const sums = `${held} invariants held, ${broken} broken, ${invariants.length - held - broken} not applicable · ${failures.length} not as expected`;
  output.line(output.paint(ok ? 'green' : 'red', `${ok ? '✓' : '✗'} ${sums} · ${days} days, ${lines.length} lines, ${clockActs.length} of the own clock, in ${seconds.toFixed(1)} s`));
}

function clocksText({ warn, graceStated, graceEstimated, retention, keep, createWindow, onExpiry, onRetention }: Clocks): string {
  return `warn ${formatDuration(warn)} · grace ${formatDuration(graceStated)}, ${formatDuration(graceEstimated)} after an estimated end · ${onExpiry} · retention ${formatDuration(retention)} · ${onRetention} · keep ${formatDuration(keep)} · create window ${formatDuration(createWindow)}`;
}

function afterText({ phase, frozenFor, needsPerson, tenant }: After): string {
  const causes = frozenFor.length > 0 && phase === 'frozen' ? ` (${frozenFor.join(', ')})` : '';
  const person = needsPerson.length > 0 ? `, needs a person: ${needsPerson.join(', ')}` : '';
  return `${phase}${causes}, tenant ${tenant}${person}`;
}
