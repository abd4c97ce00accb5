import type { Call } from '../simulator/call.ts';
import { judge } from '../simulator/verdict.ts';
import type { Outcome } from './check.ts';

const SUCCESS = ['000000', '000004'];

/** The call must succeed. */
export function accepted(call: Call): Outcome {
  return { call, finding: call.resultCode === '000000' ? null : `answered ${answerOf(call)}` };
}

/**
 * The call must not succeed. With which code is a question of its own, as is the HTTP status, as long as the seller answered and did not merely
 * break: a crash would refuse the next good call too.
 */
export function refused(call: Call): Outcome {
  if (SUCCESS.includes(call.resultCode ?? '')) return { call, finding: `accepted: answered ${answerOf(call)}` };
  if (call.status === null || call.status >= 500) return { call, finding: `broke instead of refusing: ${answerOf(call)}` };
  return { call, finding: null };
}

export function answeredWith(call: Call, code: string): Outcome {
  return { call, finding: call.resultCode === code ? null : `answered ${answerOf(call)}` };
}

/**
 * What the console's debugger demands of this activity's answer (saas.md §6.8), apart from what every answer must have: HTTP status, content type,
 * shape of the envelope, lengths and time are checks of their own, so that one mistake is told once.
 */
export function complete(call: Call): Outcome {
  const answer = call.answer === null ? null : { ...call.answer, resultMsg: 'not looked at here' };
  const verdict = judge({ ...call, answer, ms: 0, ...(call.status === null ? {} : { status: 200, contentType: 'application/json' }) });
  return { call, finding: verdict.ok || verdict.rule === 'field-length' ? null : verdict.reason };
}

/** The first of several calls, one after another, that shows something; else the last. */
export async function first(calls: readonly (() => Promise<Outcome>)[]): Promise<Outcome> {
  let outcome: Outcome = { call: null, finding: null };
  for (const call of calls) {
    outcome = await call();
    if (outcome.finding !== null) return outcome;
  }
  return outcome;
}

export function answerOf({ resultCode, status, failure }: Call): string {
  if (failure !== null) return failure;
  const code = resultCode ?? 'no resultCode';
  return status === 200 ? code : `${code} with HTTP ${status}`;
}
