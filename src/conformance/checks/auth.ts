import { sign } from '../../marketplace/signing/body-signature.ts';
import { bodyText, type Overrides } from '../../simulator/request.ts';
import type { Call } from '../../simulator/call.ts';
import type { Check, Outcome } from '../check.ts';
import type { Context } from '../context.ts';
import { accepted, first, refused } from '../judge.ts';

/** Far outside every window, near enough to be a clock that runs wrong. */
const OFF = 600_000;
/** Ordinary drift of two clocks. */
const DRIFT = 20_000;

const must = { severity: 'must', needs: 'probe', want: 'refused: 000001 or 000002' } as const;
const should = { severity: 'should', needs: 'probe', want: '000000' } as const;

const create = ({ members }: Context) => members('newInstance');
const refuses = (overrides: (context: Context) => Overrides) => async (context: Context) => refused(await context.send(create(context), overrides(context)));
const accepts = (overrides: (context: Context) => Overrides) => async (context: Context) => accepted(await context.send(create(context), overrides(context)));

/** Signature over what is not sent: `part` stands in the URL in its place. */
function forged({ key, now, nonce, members }: Context, part: 'timestamp' | 'nonce'): Overrides {
  const [stamp, once] = [now(), nonce()];
  const signature = sign(key, once, String(stamp), bodyText(members('newInstance')));
  return { signature, timestamp: String(part === 'timestamp' ? stamp - 1000 : stamp), nonce: part === 'nonce' ? nonce() : once };
}

/** The gate: without it no refusal says anything. */
export const VALID: Check = {
  ...must,
  id: 'auth.valid',
  title: { en: 'a correctly signed debugging call is accepted', zh: '接受签名正确的调测请求' },
  rule: 'accepting',
  want: '000000',
  run: async ({ saved }) => {
    const call = await saved('newInstance');
    return { ...accepted(call), ...otherRule(call) };
  },
};

/** A call that found nobody, and one that was carried out though it was a debugging call, say nothing of the signature. */
function otherRule({ resultCode }: Call): Pick<Outcome, 'rule'> {
  if (resultCode === null) return { rule: 'answering' };
  return resultCode === '000004' ? { rule: 'probe' } : {};
}

export const AUTH: readonly Check[] = [
  VALID,
  { ...must, id: 'auth.wrong-key', title: { en: 'signed with another key', zh: '使用其他密钥签名' }, rule: 'signature', run: async ({ path }) => refused(await path('bad-signature')) },
  { ...must, id: 'auth.empty-key', title: { en: 'signed with an empty key', zh: '使用空密钥签名' }, rule: 'signature', run: refuses(() => ({ key: '' })) },
  {
    ...must,
    id: 'auth.tampered-body',
    title: { en: 'body changed after signing', zh: '签名后篡改请求体' },
    rule: 'signature',
    run: async ({ send, members, line }) => refused(await send(members('newInstance', line()), { signed: bodyText(members('newInstance')) })),
  },
  { ...must, id: 'auth.tampered-stamp', title: { en: 'timestamp changed after signing', zh: '签名后篡改 timestamp' }, rule: 'signature', run: refuses((context) => forged(context, 'timestamp')) },
  { ...must, id: 'auth.tampered-nonce', title: { en: 'nonce changed after signing', zh: '签名后篡改 nonce' }, rule: 'signature', run: refuses((context) => forged(context, 'nonce')) },
  { ...must, id: 'auth.cut-signature', title: { en: 'first 32 digits of the signature', zh: '只有签名的前 32 位' }, rule: 'signature', run: refuses(cut) },
  { ...must, id: 'auth.no-signature', title: { en: 'no signature', zh: '缺少 signature' }, rule: 'parts', run: refuses(() => ({ signature: null })) },
  { ...must, id: 'auth.empty-signature', title: { en: 'an empty signature', zh: 'signature 为空' }, rule: 'parts', run: refuses(() => ({ signature: '' })) },
  { ...must, id: 'auth.no-stamp', title: { en: 'no timestamp', zh: '缺少 timestamp' }, rule: 'parts', run: refuses(() => ({ timestamp: null })) },
  { ...must, id: 'auth.no-nonce', title: { en: 'no nonce', zh: '缺少 nonce' }, rule: 'parts', run: refuses(() => ({ nonce: null })) },
  { ...must, id: 'auth.old-stamp', title: { en: 'a stamp 600 s old', zh: 'timestamp 早 600 秒' }, rule: 'window', run: async ({ path }) => refused(await path('stale-stamp')) },
  { ...must, id: 'auth.future-stamp', title: { en: 'a stamp 600 s ahead', zh: 'timestamp 晚 600 秒' }, rule: 'window', run: refuses(({ now }) => ({ at: now() + OFF })) },
  { ...must, id: 'auth.old-stamp-seconds', title: { en: 'a stamp 600 s old, in seconds', zh: 'timestamp 早 600 秒（以秒为单位）' }, rule: 'window', run: refuses(({ now }) => ({ at: now() - OFF, seconds: true })) },
  { ...must, id: 'auth.future-stamp-seconds', title: { en: 'a stamp 600 s ahead, in seconds', zh: 'timestamp 晚 600 秒（以秒为单位）' }, rule: 'window', run: refuses(({ now }) => ({ at: now() + OFF, seconds: true })) },
  { ...must, id: 'auth.text-stamp', title: { en: 'a stamp that is no number', zh: 'timestamp 不是数字' }, rule: 'stamp-unit', run: refuses(() => ({ timestamp: 'yesterday' })) },
  { ...should, id: 'auth.seconds', title: { en: 'a stamp of now, in seconds', zh: '当前 timestamp（以秒为单位）' }, rule: 'stamp-unit', run: accepts(() => ({ seconds: true })) },
  {
    ...should,
    id: 'auth.drift',
    title: { en: 'stamps 20 s old and 20 s ahead', zh: 'timestamp 早 20 秒和晚 20 秒' },
    rule: 'window',
    run: async (context) => first([-DRIFT, DRIFT].map((off) => () => accepts(({ now }) => ({ at: now() + off }))(context))),
  },
  {
    ...must,
    id: 'auth.nonce-other-body',
    title: { en: 'a nonce again, with another body', zh: '重复的 nonce，请求体不同' },
    rule: 'nonce',
    run: async (context) => {
      const nonce = context.nonce();
      const opened = accepted(await context.send(create(context), { nonce }));
      return opened.finding === null ? refused(await context.send(context.members('newInstance', context.line()), { nonce })) : opened;
    },
  },
  { ...should, id: 'auth.nonce-same-body', title: { en: 'the same bytes again', zh: '完全相同的请求再次发送' }, rule: 'nonce', want: 'the same code again, or refused: 000001 or 000002', run: sameBytes },
  {
    ...must,
    id: 'auth.nonce-forged',
    title: { en: 'a nonce after a call that forged it', zh: '伪造请求用过的 nonce，随后签名正确' },
    rule: 'nonce-burnt',
    want: 'refused, then 000000',
    run: async (context) => {
      const nonce = context.nonce();
      const before = refused(await context.send(create(context), { nonce, key: 'not-the-key-of-this-seller' }));
      return before.finding === null ? accepted(await context.send(create(context), { nonce })) : before;
    },
  },
  {
    ...should,
    id: 'auth.nonce-forms',
    title: { en: 'nonces of 16 and 32 letters and digits', zh: '16 位和 32 位字母数字的 nonce' },
    rule: 'nonce-form',
    run: async (context) => first([16, 32].map((length) => () => accepts(({ nonce }) => ({ nonce: Buffer.from(nonce(), 'hex').toString('base64').replaceAll(/[^A-Za-z0-9]/g, 'k').slice(0, length) }))(context))),
  },
  { ...should, id: 'auth.small-letters', title: { en: 'a signature in small letters', zh: '小写的签名' }, rule: 'signature-case', run: accepts(() => ({ signatureCase: 'lower' })) },
];

function cut(context: Context): Overrides {
  const [timestamp, nonce] = [String(context.now()), context.nonce()];
  return { timestamp, nonce, signature: sign(context.key, nonce, timestamp, bodyText(create(context))).slice(0, 32) };
}

async function sameBytes(context: Context) {
  const overrides = { nonce: context.nonce(), timestamp: String(context.now()) };
  const before = await context.send(create(context), overrides);
  const call = await context.send(create(context), overrides);
  const fits = call.resultCode === before.resultCode || call.resultCode === '000001' || call.resultCode === '000002';
  return { call, finding: fits ? null : `answered ${call.resultCode ?? call.failure ?? `HTTP ${call.status}`}` };
}
