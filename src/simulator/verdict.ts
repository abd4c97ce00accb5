import { isResultCode } from '../marketplace/result-codes.ts';
import { fieldsOf, missingField, nameOf, tooLongField, type AnswerField } from './answer-fields.ts';
import { DEBUGGER_MESSAGES, debuggerMessage, type DebuggerMessage, type DebuggerMessageId } from './debugger-messages.ts';

const SECURITY = 'https://support.huaweicloud.com/eu/accessg-marketplace/en-us_topic_000006.html';

/** An answer later than this is a failed call by the security page (saas.md §6.1). */
export const ANSWER_LIMIT = 5_000;
/** When the caller itself gives up, ms: the debugger's message names it (saas.md §6.1). */
export const CALL_LIMIT = 20_000;

export type AnswerBody = Readonly<Record<string, unknown>>;

/** What came of a call, as far as the rules look at it. */
export interface Answered {
  readonly verb: string;
  readonly kind: 'live' | 'test';
  readonly ms: number;
  /** Why there was no HTTP answer: `timed out`, or `unreachable` with the system's code; null when there was one. */
  readonly failure: string | null;
  readonly status: number | null;
  readonly contentType: string | null;
  /** The JSON object of the answer, or null. */
  readonly answer: AnswerBody | null;
}

export type Verdict =
  | { readonly ok: true }
  /** `message`: what the console's debugger shows for it; null for what it lets pass. */
  | { readonly ok: false; readonly rule: string; readonly reason: string; readonly message: DebuggerMessage | null; readonly page: string };

interface Finding {
  /** What is wrong with this very answer. */
  readonly reason: string;
  readonly message: DebuggerMessage | null;
  /** Where the field's own page says so; else the rule's. */
  readonly page?: string;
}

interface Rule {
  readonly id: string;
  readonly message: DebuggerMessageId | null;
  readonly page: string;
  /** What is wrong, or null. May rely on every rule above it. */
  broken(call: Answered): Finding | null;
}

/** The checks of the marketplace and its debugger (saas.md §6.8), in the order in which they are made. */
export const RULES: readonly Rule[] = [
  rule('time-out', 'time-out', ({ failure, ms }) => (failure === 'timed out' ? { reason: `no answer within ${ms} ms` } : null)),
  rule('unreachable', 'unreachable', ({ failure }) => (failure === null ? null : { reason: failure })),
  rule('http-status', 'http-code', ({ status }) => (status === 200 ? null : { reason: `httpCode = ${status}, must be 200`, fill: { httpCode: String(status) } })),
  rule('content-type', 'content-type', ({ contentType }) => {
    // Whether parameters after the type are accepted is not stated anywhere (saas.md 1.7), so they are.
    if (/^application\/json\s*(?:;|$)/i.test(contentType ?? '')) return null;
    return { reason: `content type is ${contentType ?? 'missing'}, must be application/json`, fill: { contentType: contentType ?? 'null' } };
  }),
  rule('json', 'parse', ({ answer }) => (answer === null ? { reason: 'the body is not a JSON object' } : null)),
  rule('resultCode', 'parse', ({ answer }) => (/^[0-9]{6}$/.test(text(answer?.['resultCode'])) ? null : { reason: 'resultCode is missing or not of six digits' })),
  rule('resultMsg', 'parse', ({ answer }) => (text(answer?.['resultMsg']) === '' ? { reason: 'resultMsg is missing' } : null)),
  rule('success', 'result-code', ({ verb, kind, answer }) => (accepted(verb, kind).includes(text(answer?.['resultCode'])) ? null : { reason: `resultCode is ${spelled(answer?.['resultCode'])}` })),
  rule('missing-field', 'missing', (call) => {
    const field = call.answer === null ? null : missingField(call.answer, lookedAt(call));
    return field === null ? null : { reason: `the answer lacks ${nameOf(field)}`, fill: { fileId: nameOf(field) }, page: field.page };
  }),
  rule('field-length', 'length', (call) => {
    const found = call.answer === null ? null : tooLongField(call.answer, lookedAt(call));
    return found === null ? null : { reason: `${nameOf(found.field)} has ${found.length} characters, at most ${found.field.max}`, fill: { fileId: nameOf(found.field) }, page: found.field.page };
  }),
  { id: 'slow', message: null, page: SECURITY, broken: ({ ms }) => (ms > ANSWER_LIMIT ? { reason: `answered after ${ms} ms, limit ${ANSWER_LIMIT} ms`, message: null } : null) },
];

/** The first rule that a call's answer breaks, or ok. */
export function judge(call: Answered): Verdict {
  for (const { id, page, broken } of RULES) {
    const finding = broken(call);
    if (finding !== null) return { ok: false, rule: id, page, ...finding };
  }
  return { ok: true };
}

type Found = { readonly reason: string; readonly fill?: Parameters<typeof debuggerMessage>[1]; readonly page?: string };

function rule(id: string, message: DebuggerMessageId, find: (call: Answered) => Found | null): Rule {
  return {
    id,
    message,
    page: DEBUGGER_MESSAGES[message].page,
    broken(call) {
      const found = find(call);
      if (found === null) return null;
      const { fill, ...finding } = found;
      return { ...finding, message: debuggerMessage(message, fill) };
    },
  };
}

function lookedAt({ verb, answer }: Answered): readonly AnswerField[] {
  return fieldsOf(verb, answer?.['resultCode'] !== '000000');
}

/** Only 000000 counts; "being processed" is good for a live create and for the polling that follows it (saas.md §5, §6.4), never for a probe. */
function accepted(verb: string, kind: Answered['kind']): readonly string[] {
  return kind === 'live' && (verb === 'newInstance' || verb === 'queryInstance') ? ['000000', '000004'] : ['000000'];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function spelled(code: unknown): string {
  const number = text(code);
  return isResultCode(number) ? number : `${number}, which no page lists`;
}
