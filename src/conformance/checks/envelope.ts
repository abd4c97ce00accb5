import type { Call } from '../../simulator/call.ts';
import type { Check, Outcome } from '../check.ts';
import type { Context } from '../context.ts';
import { noObject, wrongCode, wrongContentType, wrongMessage, wrongStatus } from '../envelope.ts';
import { answeredWith, first } from '../judge.ts';
import { PATH_NAMES, PATHS, type PathName } from '../paths.ts';
import type { RuleId } from '../rules.ts';

/** Holds every path's answer, one after another, against one demand. */
const onEveryPath = (broken: (call: Call) => string | null) => (context: Context) => first(
    PATH_NAMES.map((name) => async () => {
      const { call, finding } = await look(context, name, broken);
      return { call, finding: finding === null ? null : `after ${PATHS[name].title.en}: ${finding}` };
    }),
  );

async function look({ path }: Context, name: PathName, broken: (call: Call) => string | null): Promise<Outcome> {
  const call = await path(name);
  return { call, finding: broken(call) };
}

/** HTTP's own part first: one row a path, for each is mended in another place. */
const STATUS: readonly Check[] = PATH_NAMES.map((name) => ({
  id: `envelope.status-${name}`,
  title: { en: `HTTP status after ${PATHS[name].title.en}`, zh: `HTTP 状态码：${PATHS[name].title.zh}` },
  rule: 'http-200',
  severity: PATHS[name].severity,
  needs: 'probe',
  want: 'HTTP 200',
  run: (context) => look(context, name, wrongStatus),
}));

const must = { severity: 'must', needs: 'probe' } as const;

const SHAPE: readonly Check[] = [
  {
    ...must,
    id: 'envelope.content-type',
    title: { en: 'content type on every path', zh: '各路径的 Content-Type' },
    rule: 'content-type',
    want: 'application/json',
    run: onEveryPath(wrongContentType),
  },
  {
    ...must,
    id: 'envelope.json',
    title: { en: 'a JSON object on every path', zh: '各路径均返回 JSON 对象' },
    rule: 'body',
    want: '{"resultCode":"……","resultMsg":"…"}',
    run: onEveryPath(noObject),
  },
  {
    ...must,
    id: 'envelope.result-code',
    title: { en: 'resultCode on every path', zh: '各路径的 resultCode' },
    rule: 'body',
    want: 'six digits, as text',
    run: onEveryPath(wrongCode),
  },
  {
    ...must,
    id: 'envelope.result-msg',
    title: { en: 'resultMsg on every path', zh: '各路径的 resultMsg' },
    rule: 'body',
    want: '1 to 255 characters, as text',
    run: onEveryPath(wrongMessage),
  },
];

const coded = (id: string, title: Check['title'], want: string, after: string, call: (context: Context) => Promise<Call>, rule: RuleId = 'codes'): Check => ({
  id: `codes.${id}`,
  title,
  rule,
  severity: 'should',
  needs: 'probe',
  want,
  after: [after],
  run: async (context) => answeredWith(await call(context), want),
});

/** Which code says no. That it is said at all is a check of its own. */
const CODES: readonly Check[] = [
  coded('signature', { en: 'code for a bad signature', zh: '签名错误的返回码' }, '000001', 'auth.wrong-key', ({ path }) => path('bad-signature')),
  coded('no-signature', { en: 'code for a missing signature', zh: '缺少签名的返回码' }, '000001', 'auth.no-signature', ({ send, members }) => send(members('newInstance'), { signature: null })),
  coded('stamp', { en: 'code for a stale timestamp', zh: '时间戳过期的返回码' }, '000002', 'auth.old-stamp', ({ path }) => path('stale-stamp')),
  coded('member', { en: 'code for a missing member', zh: '缺少成员的返回码' }, '000002', 'members.newInstance', ({ path }) => path('missing-member')),
  coded('activity', { en: 'code for an unknown activity', zh: '未知 activity 的返回码' }, '000002', 'members.activity', ({ path }) => path('unknown-activity')),
];

export const ENVELOPE: readonly Check[] = [...STATUS, ...SHAPE, ...CODES];
