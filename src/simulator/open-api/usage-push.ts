import { USAGE_TEXTS, usageTextsSigned } from '../../marketplace/signing/usage-signature.ts';
import type { OpenApiAnswer } from './gateway.ts';
import { MOST_RECORDS, readPush } from './read-push.ts';
import type { UsagePushTrouble } from './trouble.ts';
import type { UsageBook } from './usage-book.ts';
import { PUSH_CODES, pushCodeOf, RECORD_CODES, type PushCode, type RecordCode } from './usage-codes.ts';
import { USAGE_INTERFACES, type JudgedRecord, type UsageInterfaceName } from './usage-interfaces.ts';

/** How old or how early `ts` may be. The page states no window (open-api.md 4.1.d); this is the gateway's. */
const WINDOW = 15 * 60_000;
/** What older revisions of the page allow in one push. */
const FEWER_RECORDS = 100;

export interface Push {
  readonly by: UsageInterfaceName;
  readonly body: string;
  /** What this market bore and the real one may not, kept with the records. */
  readonly remark: string | null;
  /** What is made to go wrong with it, null for nothing. */
  readonly trouble: UsagePushTrouble | null;
}

export interface Authenticated {
  readonly refusal: OpenApiAnswer | null;
  readonly remark: string | null;
}

/** Headers and signature of a push that is signed with the access key of the base interface (4.1.a to 4.1.d). */
export function authenticate(headers: Readonly<Record<string, string>>, body: string, keys: readonly string[], now: number): Authenticated {
  const { signature = '', ts = '', nonce = '' } = headers;
  const refused = (code: PushCode, detail?: string): Authenticated => ({ refusal: pushAnswer(code, detail), remark: null });
  const missing = Object.entries({ signature, ts, nonce }).find(([, value]) => value === '');
  if (missing !== undefined) return refused('0199', `header ${missing[0]} is missing`);
  if (!/^[1-9][0-9]{12}$/.test(ts) || nonce.length > 64) return refused('0100', 'header ts must be Unix time in ms, header nonce at most 64 characters');
  if (Math.abs(now - Number(ts)) > WINDOW) return refused('0199', 'header ts is more than 15 minutes from the time of the marketplace');
  const held = keys.map((key) => usageTextsSigned(signature, key, ts, nonce, body)).find((texts) => texts.length > 0) ?? [];
  if (held.length === 0) return refused('0102');
  const remark = held.length === USAGE_TEXTS.length ? null : `the signature holds over the body ${held.join(' and ')} only: send and sign compact JSON, sorted at every level`;
  return { refusal: null, remark };
}

/** The usage push (按需使用量推送, open-api.md §4) of an authenticated caller. */
export async function answerPush(book: UsageBook, { by, body, remark, trouble }: Push): Promise<OpenApiAnswer> {
  const read = readPush(body, USAGE_INTERFACES[by], trouble === 'hundred' ? FEWER_RECORDS : MOST_RECORDS);
  if ('code' in read) return pushAnswer(read.code, read.detail);
  if (trouble === 'all-or-nothing') {
    const judged = await book.take({ by, records: read.records, remark, dry: true });
    const [first] = judged.flatMap(({ code }) => code ?? []);
    if (first !== undefined) return pushAnswer(pushCodeOf(first), RECORD_CODES[first].says);
  }
  const spoil = (index: number): RecordCode | null => (trouble === 'partial' && index % 2 === 1 ? '013' : null);
  const judged = await book.take({ by, records: read.records, remark, spoil });
  const bad = judged.filter(({ code }) => code !== null);
  return bad.length === 0 || !USAGE_INTERFACES[by].listsBad || trouble === 'unlisted' ? pushAnswer('0000') : pushAnswer('0000', undefined, { data: { abnormal_usage_data: bad.map(told) } });
}

/** `detail` follows the fixed text, as the real service may have it too (§6.1). */
export function pushAnswer(code: PushCode, detail?: string, more: Readonly<Record<string, unknown>> = {}): OpenApiAnswer {
  const { status, says } = PUSH_CODES[code];
  return { status, body: { error_code: `MKT.${code}`, error_msg: detail === undefined ? says : `${says} ${detail}`, ...more } };
}

/** The member names of an abnormal record could not be read on the page (open-api.md Q1): those of the record, with those of an answer. */
function told({ instanceId, meteringSn, beginTime, endTime, code }: JudgedRecord): Record<string, unknown> {
  return { instance_id: instanceId, metering_sn: meteringSn ?? '', begin_time: beginTime, end_time: endTime, error_code: code, error_msg: code === null ? '' : RECORD_CODES[code].says };
}
