import { isResultCode } from '../marketplace/result-codes.ts';

const FAQ = 'https://support.huaweicloud.com/accessg-marketplace/access_topic_0000008.html';
const SECURITY = 'https://support.huaweicloud.com/eu/accessg-marketplace/en-us_topic_000006.html';
const CREATE = 'https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649427.html';
const QUERY = 'https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649428.html';

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

export type Verdict = { readonly ok: true } | { readonly ok: false; readonly rule: string; readonly reason: string; readonly page: string };

interface Rule {
  readonly id: string;
  readonly page: string;
  /** What is wrong, or null. May rely on every rule above it. */
  broken(call: Answered): string | null;
}

/** The checks of the marketplace and its debugger (saas.md §6.8), in the order in which they are made. */
export const RULES: readonly Rule[] = [
  { id: 'time-out', page: FAQ, broken: ({ failure, ms }) => (failure === 'timed out' ? `no answer within ${ms} ms` : null) },
  { id: 'unreachable', page: FAQ, broken: ({ failure }) => failure },
  { id: 'http-status', page: FAQ, broken: ({ status }) => (status === 200 ? null : `httpCode = ${status}, must be 200`) },
  {
    id: 'content-type',
    page: FAQ,
    // Whether parameters after the type are accepted is not stated anywhere (saas.md 1.7), so they are.
    broken: ({ contentType }) => (/^application\/json\s*(?:;|$)/i.test(contentType ?? '') ? null : `content type is ${contentType ?? 'missing'}, must be application/json`),
  },
  { id: 'json', page: FAQ, broken: ({ answer }) => (answer === null ? 'the body is not a JSON object' : null) },
  { id: 'resultCode', page: FAQ, broken: ({ answer }) => (/^[0-9]{6}$/.test(text(answer?.['resultCode'])) ? null : 'resultCode is missing or not of six digits') },
  { id: 'resultMsg', page: FAQ, broken: ({ answer }) => (text(answer?.['resultMsg']) === '' ? 'resultMsg is missing' : null) },
  { id: 'success', page: FAQ, broken: ({ verb, kind, answer }) => (accepted(verb, kind).includes(text(answer?.['resultCode'])) ? null : `resultCode is ${spelled(answer?.['resultCode'])}`) },
  {
    id: 'create-instanceId',
    page: CREATE,
    broken: ({ verb, answer }) => (verb === 'newInstance' && text(answer?.['instanceId']) === '' ? 'the answer lacks instanceId' : null),
  },
  { id: 'query-info', page: QUERY, broken: ({ verb, answer }) => (verb === 'queryInstance' && answer?.['resultCode'] === '000000' ? lackingInInfo(answer['info']) : null) },
  { id: 'slow', page: SECURITY, broken: ({ ms }) => (ms > ANSWER_LIMIT ? `answered after ${ms} ms, limit ${ANSWER_LIMIT} ms` : null) },
];

/** The first rule that a call's answer breaks, or ok. */
export function judge(call: Answered): Verdict {
  for (const { id, page, broken } of RULES) {
    const reason = broken(call);
    if (reason !== null) return { ok: false, rule: id, reason, page };
  }
  return { ok: true };
}

/** Only 000000 counts; "being processed" is good for a live create and for the polling that follows it (saas.md §5, §6.4), never for a probe. */
function accepted(verb: string, kind: Answered['kind']): readonly string[] {
  return kind === 'live' && (verb === 'newInstance' || verb === 'queryInstance') ? ['000000', '000004'] : ['000000'];
}

function lackingInInfo(info: unknown): string | null {
  if (!Array.isArray(info) || info.length === 0) return 'the answer lacks info';
  for (const entry of info) {
    const { instanceId, appInfo, usageInfo } = members(entry);
    if (text(instanceId) === '') return 'the answer lacks instanceId';
    if (appInfo !== undefined && text(members(appInfo)['frontEndUrl']) === '') return 'the answer lacks frontEndUrl';
    for (const usage of Array.isArray(usageInfo) ? usageInfo : []) {
      const missing = ['usageValue', 'statisticalTime'].find((name) => members(usage)[name] === undefined);
      if (missing !== undefined) return `the answer lacks ${missing}`;
    }
  }
  return null;
}

function members(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function spelled(code: unknown): string {
  const number = text(code);
  return isResultCode(number) ? number : `${number}, which no page lists`;
}
