import type { Call } from '../../simulator/call.ts';
import type { Check, Outcome } from '../check.ts';
import { accepted, first } from '../judge.ts';

/** With `testFlag` 1 nothing is made, so what is seen here warns; the same with a real order is a matter of `--live`. */
const probe = { rule: 'idempotent', needs: 'probe', want: '000000 with the same instanceId', after: ['probe.newInstance'] } as const;
const COPIES = 5;

export const IDEMPOTENCY: readonly Check[] = [
  {
    ...probe,
    id: 'idempotency.replay',
    title: { en: 'the saved create case again', zh: '重放 newInstance 调试用例' },
    severity: 'must',
    run: async ({ saved, send, members }) => sameId(await saved('newInstance'), await send(members('newInstance'))),
  },
  {
    ...probe,
    id: 'idempotency.business-id',
    title: { en: 'the same order line with another businessId', zh: '同一订单行，businessId 不同' },
    severity: 'should',
    after: ['idempotency.replay'],
    run: async ({ saved, send, members, instanceId }) => sameId(await saved('newInstance'), await send(members('newInstance', { businessId: instanceId() }))),
  },
  {
    ...probe,
    id: 'idempotency.parallel',
    title: { en: `${COPIES} copies of a create at once`, zh: `同时发送 ${COPIES} 份 newInstance` },
    severity: 'must',
    after: ['idempotency.replay', 'probe.unknown-newInstance'],
    run: async ({ send, members, line }) => {
      const body = members('newInstance', line());
      const calls = await Promise.all(Array.from({ length: COPIES }, () => send(body)));
      const [one, ...others] = calls;
      return one === undefined ? { call: null, finding: null } : first(others.map((other) => async () => sameId(one, other)));
    },
  },
];

function sameId(one: Call, other: Call): Outcome {
  const outcome = [accepted(one), accepted(other)].find(({ finding }) => finding !== null);
  if (outcome !== undefined) return outcome;
  const [before, now] = [one, other].map(({ answer }) => JSON.stringify(answer?.['instanceId']));
  return { call: other, finding: before === now ? null : `instanceId ${now}, before it ${before}` };
}
