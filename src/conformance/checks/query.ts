import type { Call } from '../../simulator/call.ts';
import { ANSWER_LIMIT } from '../../simulator/verdict.ts';
import type { Check } from '../check.ts';
import type { Context } from '../context.ts';
import { infoOf, tooLongIn, wrongId } from '../info.ts';
import { accepted, refused } from '../judge.ts';

const probe = { severity: 'must', needs: 'probe', after: ['probe.queryInstance'] } as const;

const ask = ({ send, members }: Context, ids: readonly string[]): Promise<Call> => send(members('queryInstance', { instanceId: ids.join(',') }));
const ids = ({ instanceId }: Context, count: number): readonly string[] => Array.from({ length: count }, instanceId);

export const QUERY: readonly Check[] = [
  {
    ...probe,
    id: 'query.hundred-ids',
    title: { en: '100 ids, each answered', zh: '100 个 ID，逐个应答' },
    rule: 'many-ids',
    want: '000000 with 100 entries in info, one for each id',
    run: async (context) => {
      const asked = ids(context, 100);
      const call = await ask(context, asked);
      const outcome = accepted(call);
      if (outcome.finding !== null) return outcome;
      const told = new Set(infoOf(call).map(({ instanceId }) => instanceId));
      const lacking = asked.filter((id) => !told.has(id)).length;
      return { call, finding: lacking === 0 ? null : `info lacks ${lacking} of the 100 ids` };
    },
  },
  {
    ...probe,
    id: 'query.hundred-one-ids',
    title: { en: '101 ids', zh: '101 个 ID' },
    rule: 'many-ids',
    severity: 'should',
    want: '000002',
    run: async (context) => refused(await ask(context, ids(context, 101))),
  },
  {
    ...probe,
    id: 'query.time-of-hundred',
    title: { en: 'time of 100 ids', zh: '查询 100 个 ID 的应答时间' },
    rule: 'latency',
    severity: 'should',
    want: `within ${ANSWER_LIMIT} ms`,
    after: ['query.hundred-ids'],
    run: async (context) => {
      const call = await ask(context, ids(context, 100));
      return { call, finding: call.ms > ANSWER_LIMIT ? `${call.ms} ms: over 5 s; pages differ` : null };
    },
  },
  {
    ...probe,
    id: 'query.lengths',
    title: { en: 'types and lengths of access data and usage', zh: '访问信息和使用量的类型和长度' },
    rule: 'lengths',
    want: 'text within the lengths of the table, usageValue a number',
    run: async ({ saved }) => {
      const call = await saved('queryInstance');
      return { call, finding: tooLongIn(infoOf(call)) };
    },
  },
  {
    ...probe,
    id: 'query.encrypt-type',
    title: { en: 'access data that claim to be encrypted', zh: '声称已加密的访问信息' },
    rule: 'plain',
    severity: 'should',
    want: 'no encryptType',
    run: async ({ saved }) => {
      const call = await saved('queryInstance');
      const claimed = call.answer?.['encryptType'];
      return { call, finding: claimed === undefined || claimed === null ? null : `encryptType is ${JSON.stringify(claimed)}` };
    },
  },
  {
    ...probe,
    id: 'query.create-id-length',
    title: { en: 'type and length of the instanceId of a create', zh: 'newInstance 返回的 instanceId 的类型和长度' },
    rule: 'lengths',
    want: 'text of at most 64 characters',
    after: ['probe.newInstance'],
    run: async ({ saved }) => {
      const call = await saved('newInstance');
      return { call, finding: wrongId(call.answer?.['instanceId']) };
    },
  },
  {
    ...probe,
    id: 'query.created-id',
    title: { en: 'the id that a debugging create was given', zh: '查询调测 newInstance 返回的 ID' },
    rule: 'probe',
    want: '000000 with info',
    after: ['probe.newInstance', 'probe.queryInstance', 'query.create-id-length'],
    run: async (context) => accepted(await ask(context, [String((await context.saved('newInstance')).answer?.['instanceId'])])),
  },
];
