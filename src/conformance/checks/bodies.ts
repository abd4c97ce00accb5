import { bodyText } from '../../simulator/request.ts';
import type { Check } from '../check.ts';
import { accepted, refused } from '../judge.ts';

const probe = { needs: 'probe', want: '000000' } as const;

const CHINESE = '业务-云商店-☁';
const QUOTED = 'a"b\\c/d<e>&f';
/** 2^53 + 1, which a double cannot hold, and a price whose last digit a double forgets. */
const NUMBERS = '{"linearValue":100,"price":1.10,"productId":"OFFI000000000000000001","serial":9007199254740993,"skuCode":"00000000-0000-4000-8000-000000000001"}';

/** Bodies that a careless reader changes before it verifies. Group `body`. */
export const BODIES: readonly Check[] = [
  {
    ...probe,
    id: 'body.unsorted',
    title: { en: 'members unsorted, signed as sent', zh: '成员未排序，按原文签名' },
    rule: 'signature-bytes',
    severity: 'should',
    run: async ({ send, members }) => accepted(await send(backwards(members('newInstance')), { unsorted: true })),
  },
  {
    ...probe,
    id: 'body.sorted-after',
    title: { en: 'members unsorted, signed sorted', zh: '成员未排序，按排序后签名' },
    rule: 'signature-sorted',
    severity: 'should',
    run: async ({ send, members }) => accepted(await send(backwards(members('newInstance')), { unsorted: true, signed: bodyText(members('newInstance')) })),
  },
  {
    ...probe,
    id: 'body.blanks',
    title: { en: 'blanks and line ends, signed as sent', zh: '含空格和换行，按原文签名' },
    rule: 'signature-bytes',
    severity: 'should',
    run: async ({ send, members }) => accepted(await send(JSON.stringify(JSON.parse(bodyText(members('newInstance'))), null, 2))),
  },
  {
    ...probe,
    id: 'body.chinese',
    title: { en: 'characters outside ASCII', zh: '非 ASCII 字符' },
    rule: 'signature-bytes',
    severity: 'must',
    run: async ({ send, members }) => accepted(await send(members('newInstance', { businessId: CHINESE }))),
  },
  {
    ...probe,
    id: 'body.quotes',
    title: { en: 'quotes, backslashes, slashes, angle brackets', zh: '引号、反斜杠、斜杠、尖括号' },
    rule: 'signature-bytes',
    severity: 'must',
    run: async ({ send, members }) => accepted(await send(members('newInstance', { businessId: QUOTED }))),
  },
  {
    ...probe,
    id: 'body.escapes',
    title: { en: 'letters written as \\u escapes', zh: '以 \\u 转义书写的字符' },
    rule: 'signature-bytes',
    severity: 'should',
    run: async ({ send, members }) => accepted(await send(bodyText(members('newInstance', { businessId: 'escaped' })).replace('"escaped"', '"\\u0065sc\\/aped"'))),
  },
  {
    ...probe,
    id: 'body.numbers',
    title: { en: 'a number beyond 2^53, and 1.10', zh: '超过 2^53 的数字以及 1.10' },
    rule: 'signature-bytes',
    severity: 'should',
    after: ['probe.changeInstanceCheck'],
    run: async ({ send, members }) => accepted(await send(bodyText(members('changeInstanceCheck', { productInfo: 'numbers' })).replace('"numbers"', NUMBERS))),
  },
  {
    ...probe,
    id: 'body.proto',
    title: { en: 'a member __proto__, and a good call after it', zh: '含 __proto__ 成员，随后发送正确的请求' },
    rule: 'hostile',
    severity: 'must',
    want: '000000, 000001 or 000002, then 000000',
    run: async ({ send, members }) => {
      // Were it merged into another object, the debugging flag or the activity would leak into calls that lack them.
      const hostile = bodyText(members('newInstance')).replace('{', '{"__proto__":{"orderId":"MOCKPERIODYEARNEW","polluted":"1"},"constructor":{"prototype":{"orderId":"MOCKPERIODYEARNEW"}},');
      const call = await send(hostile);
      if (!['000000', '000001', '000002'].includes(call.resultCode ?? '')) return { call, finding: `answered ${call.resultCode ?? call.failure ?? `HTTP ${call.status}`}` };
      const after = accepted(await send(members('newInstance')));
      return after.finding === null ? { call, finding: null } : { ...after, finding: `a good call after it is ${after.finding}` };
    },
  },
  {
    ...probe,
    id: 'body.proto-signature',
    title: { en: 'a member __proto__, with a bad signature', zh: '含 __proto__ 成员且签名错误' },
    rule: 'hostile',
    severity: 'must',
    want: 'refused: 000001 or 000002',
    run: async ({ send, members }) => refused(await send(bodyText(members('newInstance')).replace('{', '{"__proto__":{"testFlag":"1"},'), { key: 'not-the-key-of-this-seller' })),
  },
];

function backwards(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).toSorted(([a], [b]) => (a < b ? 1 : -1)));
}
