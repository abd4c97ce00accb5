import type { Call } from '../../simulator/call.ts';
import type { PlatformEvent } from '../../simulator/platform/standing.ts';
import { stamp } from '../flags.ts';
import { printTable, type Output } from '../output.ts';
import { pad, visible } from '../width.ts';

/** Verb with the scene or the status, which tell the stories of one verb apart. */
export function whatOf({ verb, kind, body }: Pick<Call, 'verb' | 'kind' | 'body'>): string {
  const [, word] = /"(?:scene|status)":"([A-Z_]+)"/.exec(body) ?? [];
  return `${verb}${word === undefined ? '' : ` ${word}`}${kind === 'test' ? ' (test)' : ''}`;
}

export function verdictOf({ verdict, trouble }: Pick<Call, 'verdict' | 'trouble'>): string {
  // The reason of a call that nobody took begins with its rule.
  const told = verdict.ok ? 'ok' : verdict.reason.startsWith(`${verdict.rule}:`) ? verdict.reason : `${verdict.rule}: ${verdict.reason}`;
  return trouble === null ? told : `${told} [${trouble}]`;
}

/** One line for a call as it happens. */
export function tellCall(output: Output, call: Call): void {
  const { at, resultCode, ms, orderId, instanceId } = call;
  if (output.format !== 'text') return output.line(JSON.stringify({ call }));
  const text = `${stamp(at)}  ${pad(visible(whatOf(call)), 30)}  ${resultCode ?? '–'}  ${String(ms).padStart(5)} ms  ${visible(orderId ?? instanceId ?? '')}  ${visible(verdictOf(call))}`;
  output.line(call.verdict.ok ? text : output.paint('red', text));
}

/** One line for what the platform does by itself. */
export function tellEvent(output: Output, event: PlatformEvent): void {
  if (output.format !== 'text') return output.line(JSON.stringify({ event }));
  output.line(output.paint('yellow', `${stamp(event.at)}  ${pad(event.rule, 30)}  ${visible([event.orderId ?? event.instanceId ?? '', event.text].filter(Boolean).join('  '))}`));
}

export function printCalls(output: Output, calls: readonly Call[]): void {
  printTable(output, calls, [
    { title: 'SEQ', cell: ({ seq }) => seq, align: 'right' },
    { title: 'SENT (UTC)', cell: ({ at }) => stamp(at) },
    { title: 'CALL', cell: whatOf },
    { title: 'CODE', cell: ({ resultCode }) => resultCode },
    { title: 'MS', cell: ({ ms }) => ms, align: 'right' },
    { title: 'ORDER', cell: ({ orderId }) => orderId },
    { title: 'VERDICT', cell: verdictOf, style: ({ verdict }) => (verdict.ok ? 'green' : 'red') },
  ]);
}
