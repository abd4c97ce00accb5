import type { Call } from '../simulator/call.ts';
import { bodyText } from '../simulator/request.ts';
import type { Context } from './context.ts';
import type { Words } from './words.ts';

export interface Path {
  readonly title: Words;
  readonly severity: 'must' | 'should';
  send(context: Context): Promise<Call>;
}

const LARGE = 1024 * 1024;
const DEEP = 10_000;
const STALE = 600_000;

/** Where a call may end inside a seller: frameworks like to answer some of these by themselves, with a status and a page of their own. */
export const PATHS = {
  accepted: { title: { en: 'a good call', zh: '正确的请求' }, severity: 'must', send: ({ saved }) => saved('newInstance') },
  'bad-signature': {
    title: { en: 'a bad signature', zh: '签名错误' },
    severity: 'must',
    send: ({ send, members }) => send(members('newInstance'), { key: 'not-the-key-of-this-seller' }),
  },
  'missing-parameter': {
    title: { en: 'a call without signature', zh: '缺少 signature 参数' },
    severity: 'must',
    send: ({ send, members }) => send(members('newInstance'), { signature: null }),
  },
  'stale-stamp': {
    title: { en: 'a stale timestamp', zh: '时间戳过期' },
    severity: 'must',
    send: ({ send, members, now }) => send(members('newInstance'), { at: now() - STALE }),
  },
  'missing-member': {
    title: { en: 'a mandatory member is missing', zh: '缺少必选成员' },
    severity: 'must',
    send: ({ send, members }) => send(members('newInstance', { orderId: undefined })),
  },
  'wrong-type': {
    title: { en: 'an object where text is expected', zh: '应为字符串的成员是对象' },
    severity: 'must',
    send: ({ send, members }) => send(members('newInstance', { businessId: {} })),
  },
  'unknown-activity': {
    title: { en: 'an unknown activity', zh: '未知的 activity' },
    severity: 'must',
    send: ({ send, members }) => send(members('newInstance', { activity: 'noSuchActivity' })),
  },
  'broken-json': { title: { en: 'a body cut off in its middle', zh: '请求体被截断' }, severity: 'must', send: ({ send }) => send('{"activity":"newInstance","orderId":"CS') },
  'empty-body': { title: { en: 'an empty body', zh: '请求体为空' }, severity: 'must', send: ({ send }) => send('', { headers: { 'Content-Length': '0' } }) },
  'json-array': { title: { en: 'a JSON array for a body', zh: '请求体为 JSON 数组' }, severity: 'must', send: ({ send }) => send('[]') },
  'broken-text': {
    title: { en: 'bytes that are no UTF-8', zh: '非 UTF-8 字节' },
    severity: 'should',
    send: ({ send, members }) => send(Buffer.from(bodyText(members('newInstance', { businessId: '\xff\xfe' })), 'latin1')),
  },
  'nested-deep': {
    title: { en: `a body nested ${DEEP} deep`, zh: `请求体嵌套 ${DEEP} 层` },
    severity: 'should',
    send: ({ send }) => send(`{"activity":"newInstance","extra":${'['.repeat(DEEP)}${']'.repeat(DEEP)},"testFlag":"1"}`),
  },
  oversized: {
    title: { en: 'a body of 1 MiB', zh: '1 MiB 的请求体' },
    severity: 'should',
    send: ({ send, members }) => send(members('newInstance', { remark: 'x'.repeat(LARGE) })),
  },
} as const satisfies Readonly<Record<string, Path>>;

export type PathName = keyof typeof PATHS;
export const PATH_NAMES = Object.keys(PATHS) as readonly PathName[];
