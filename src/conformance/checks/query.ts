import type { Call } from '../../simulator/call.ts';
import { ANSWER_LIMIT } from '../../simulator/verdict.ts';
import type { Check } from '../check.ts';
import type { Context } from '../context.ts';
import { accepted, refused } from '../judge.ts';

const probe = { severity: 'must', needs: 'probe', after: ['probe.queryInstance'] } as const;
const LONGEST = { frontEndUrl: 512, adminUrl: 512, userName: 128, password: 128, memo: 1024 } as const;

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
    title: { en: 'types and lengths of the access data', zh: '访问信息的类型和长度' },
    rule: 'lengths',
    want: 'text within the lengths of the table',
    run: async ({ saved }) => {
      const call = await saved('queryInstance');
      const found = infoOf(call).flatMap(({ instanceId, appInfo }) => [tooLong('instanceId', instanceId, 64), ...Object.entries(LONGEST).map(([name, most]) => tooLong(name, appInfo[name], most))]);
      return { call, finding: found.find((finding) => finding !== null) ?? null };
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
      return { call, finding: tooLong('instanceId', call.answer?.['instanceId'], 64) };
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

interface Entry {
  readonly instanceId: unknown;
  readonly appInfo: Readonly<Record<string, unknown>>;
}

function infoOf({ answer }: Call): readonly Entry[] {
  const info = answer?.['info'];
  return Array.isArray(info) ? info.map((entry: unknown) => ({ instanceId: membersOf(entry)['instanceId'], appInfo: membersOf(membersOf(entry)['appInfo']) })) : [];
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function tooLong(name: string, value: unknown, most: number): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') return `${name} is no text`;
  return value.length > most ? `${name} has ${value.length} characters` : null;
}
