import type { Call } from '../../simulator/call.ts';
import { ANSWER_LIMIT } from '../../simulator/verdict.ts';
import type { Check } from '../check.ts';
import type { Context } from '../context.ts';
import { noObject, wrongCode, wrongContentType, wrongMessage, wrongStatus } from '../envelope.ts';
import { lifeOf } from '../instance.ts';

const live = { severity: 'must', needs: 'live', after: ['create.answer'] } as const;

/** Holds the answers of the whole life, as far as it was played, against one demand. */
const everyAnswer = (broken: (call: Call) => string | null) => async (context: Context) => {
  const calls = await lifeOf(context).calls();
  const call = calls.find((each) => broken(each) !== null) ?? calls.at(-1) ?? null;
  const finding = call === null ? null : broken(call);
  return { call, finding: finding === null ? null : `${call?.verb}: ${finding}` };
};

/** What every answer must be, looked at once more at the end: a path that only real instances take may be another. Group `answers`. */
export const ANSWERS: readonly Check[] = [
  {
    ...live,
    id: 'answers.status',
    title: { en: 'HTTP status of every answer so far, instances and all', zh: '全部真实请求应答的 HTTP 状态码' },
    rule: 'http-200',
    want: 'HTTP 200',
    run: everyAnswer(wrongStatus),
  },
  {
    ...live,
    id: 'answers.content-type',
    title: { en: 'content type of every answer', zh: '全部真实请求应答的 Content-Type' },
    rule: 'content-type',
    want: 'application/json',
    run: everyAnswer(wrongContentType),
  },
  {
    ...live,
    id: 'answers.body',
    title: { en: 'shape of every answer', zh: '全部真实请求的应答格式' },
    rule: 'body',
    want: 'resultCode of six digits, resultMsg of 1 to 255 characters',
    run: everyAnswer((call) => noObject(call) ?? wrongCode(call) ?? wrongMessage(call)),
  },
  {
    ...live,
    id: 'answers.time',
    title: { en: 'time of every answer but that of the first create', zh: '全部真实请求（首次 newInstance 除外）的应答时间' },
    rule: 'latency',
    severity: 'should',
    want: `within ${ANSWER_LIMIT} ms`,
    after: ['create.time'],
    run: everyAnswer(({ ms }) => (ms > ANSWER_LIMIT ? `${ms} ms` : null)),
  },
];
