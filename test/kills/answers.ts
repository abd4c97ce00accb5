import { textMember, type Call } from '../../src/simulator/call.ts';
import { endingOfStory, type Ledger } from './ledger.ts';
import type { Story } from './customer.ts';
import { look, lookAt, type Finding } from './finding.ts';
import type { Scene } from './scene.ts';
import { accessOf } from '../../src/simulator/actions/query.ts';
import { logIn } from '../../src/provisioners/sqlite-tenant/users.ts';

export const orderOf = ({ order }: Story): string => order.orderId;
const kept = (call: Call): boolean => call.resultCode === '000000' || call.resultCode === '000004';
const idOf = (call: Call): string | null => textMember(call.answer, 'instanceId');

/** What was answered, and whether the answers agree with each other and with the journal. */
export function lookAtAnswers(stories: readonly Story[], calls: readonly Call[], ledger: Ledger): Finding[] {
  const creates = Map.groupBy(calls.filter(({ verb }) => verb === 'newInstance'), ({ orderId }) => orderId ?? '');
  const polls = Map.groupBy(calls.filter(({ verb, resultCode }) => verb === 'queryInstance' && resultCode !== null), ({ instanceId }) => instanceId ?? '');
  const owners = Map.groupBy(stories, ({ instanceId }) => instanceId);
  const records = Map.groupBy(ledger.calls, ({ nonce }) => nonce);
  const answers = Map.groupBy(calls.filter(kept), ({ query }) => query['nonce'] ?? '');
  return [
    look('every call of the plan was accepted in the end, and none contradicted', stories, orderOf, ({ finished, wrong }) => (finished && wrong.length === 0 ? null : wrong.join('; ') || 'did not come to its end')),
    look('a line has one instance id in all its answers, and shares it with none', stories, orderOf, ({ order, instanceId }) => {
      const ids = new Set((creates.get(order.orderId) ?? []).filter(kept).map(idOf));
      if (ids.size !== 1 || !ids.has(instanceId)) return `was given ${[...ids].join(' and ') || 'no id'}`;
      return owners.get(instanceId)?.length === 1 ? null : `${instanceId} was given to another line too`;
    }),
    look('what was said to be ready was never again said to be in the making', polls, ([id]) => id, ([, seen]) => {
      const codes = seen.map(({ resultCode }) => resultCode).filter((code) => code !== '000005');
      const ready = codes.indexOf('000000');
      return ready === -1 || codes.slice(ready).every((code) => code === '000000') ? null : codes.join(' ');
    }),
    look('every 000000 and 000004 has its record in the journal, with the same body and answer', answers, ([nonce]) => nonce, ([nonce, given]) => {
      const rows = records.get(nonce) ?? [];
      if (rows.length < given.length) return `${given.length} answers, ${rows.length} records`;
      const unlike = given.filter(({ body, resultCode }) => !rows.some((row) => row.body === body && row.resultCode === resultCode));
      return unlike.length === 0 ? null : `no record says ${unlike.map(({ verb, resultCode }) => `${verb} ${resultCode}`).join(', ')}`;
    }),
  ];
}

/** What is answered at the end, when all is quiet, and whether the buyer gets in with what was given first. */
export async function lookAtLastAnswers({ market, tenants }: Scene, stories: readonly Story[]): Promise<Finding[]> {
  const last = await lookAt('the last answers are those of the accepted calls', stories, orderOf, async (story) => {
    const { instanceId, order } = story;
    const ending = endingOfStory(story);
    const asked = await market.poll(instanceId);
    const created = await market.create(order);
    if (created.resultCode !== '000000' || idOf(created) !== instanceId) return `create was answered ${created.resultCode ?? created.failure} ${idOf(created) ?? ''}`;
    const wanted = ending.startsWith('released') ? '000003' : '000000';
    if (asked.resultCode !== wanted) return `${ending}, and the query was answered ${asked.resultCode ?? asked.failure}`;
    const access = accessOf(asked, instanceId);
    return (access?.password !== undefined) === (ending === 'usable') ? null : `${ending}, and the password was ${access?.password === undefined ? 'not ' : ''}given`;
  });
  const buyers = stories.filter((story) => story.access !== null);
  const doors = await lookAt('the password given first opens the usable tenant to the end, and no other', buyers, orderOf, async (story) => {
    const ending = endingOfStory(story);
    const { userName = '', password = '' } = story.access ?? {};
    const visit = await logIn(tenants, story.instanceId, { userName, password, now: Date.now() });
    if (ending === 'usable') return visit.tenant === 'open' && visit.value !== null ? null : `the tenant is ${visit.tenant}, the password ${visit.tenant === 'open' ? 'wrong' : 'not asked'}`;
    return visit.tenant === (ending === 'released, data removed' ? 'absent' : 'suspended') ? null : `${ending}, and the tenant is ${visit.tenant}`;
  });
  return [last, doors];
}
