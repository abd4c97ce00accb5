import { z } from 'zod';
import type { Instruction } from '../../lifecycle/command.ts';
import type { Ask, Refusal } from '../dialect.ts';
import type { Opened } from '../envelopes/envelope.ts';
import { readMembers, required, type MemberSchema } from './members.ts';
import { isActivity, verbs, type Activity } from './verbs.ts';

type MembersOf = { readonly [A in Activity]: z.output<(typeof verbs)[A]['schema']> };
type AskOf = Ask extends infer Each ? (Each extends Ask ? Omit<Each, 'verb'> : never) : never;

const envelope = z.object({ activity: required(32) });
const schemas: { readonly [A in Activity]: { readonly schema: MemberSchema<MembersOf[A]> } } = verbs;

/**
 * From the wire's words to lifecycle words. Every refusal is 000002 and names the member. An ask is a probe when `testFlag` is 1 or its
 * order is one of the marketplace's MOCK orders (saas.md §6.5); ids that a probe was given are recognised by the door.
 */
export function parse({ body }: Pick<Opened, 'body'>): Ask | Refusal {
  const named = readMembers(envelope, body);
  if (named.refused) return named;
  const { activity } = named.members;
  if (!isActivity(activity)) return { refused: true, code: '000002', message: 'activity is unknown' };
  return askFor(activity, schemas[activity].schema, body);
}

function askFor<A extends Activity>(verb: A, schema: MemberSchema<MembersOf[A]>, body: Opened['body']): Ask | Refusal {
  const read = readMembers(schema, body);
  return read.refused ? read : { verb, ...asks[verb](read.members) };
}

const asks: { readonly [A in Activity]: (members: MembersOf[A]) => AskOf } = {
  newInstance: ({ orderId, orderLineId, testFlag }) => ({
    probe: isProbe(testFlag, orderId),
    kind: 'command',
    target: { orderLineKey: key(orderId, orderLineId), orderId, orderLineId },
    instruction: { kind: 'create', orderId, orderLineId },
    key: null,
  }),
  queryInstance: ({ instanceId: instanceIds, testFlag }) => ({ probe: isProbe(testFlag), kind: 'query', instanceIds }),
  refreshInstance: ({ scene, orderId, orderLineId, instanceId, productId, expireTime: expireAt, testFlag }) => {
    const probe = isProbe(testFlag, orderId);
    const instruction: Readonly<Record<typeof scene, Instruction>> = {
      TRIAL_TO_FORMAL: { kind: 'renew', expireAt, productId, formal: true },
      RENEWAL: { kind: 'renew', expireAt, productId, formal: false },
      RENEWAL_CHANGE: { kind: 'renewChange', expireAt, productId, orderId, orderLineId },
      UNSUBSCRIBE_RENEWAL_PERIOD: { kind: 'shorten', expireAt },
    };
    // The scene belongs to the key: editions disagree whether a refund carries its own order or the renewal's (saas.md 8.8).
    return { probe, kind: 'command', target: { instanceId }, instruction: instruction[scene], key: key(orderId, orderLineId, scene) };
  },
  updateInstanceStatus: ({ instanceId, status, testFlag }) => ({
    probe: isProbe(testFlag),
    kind: 'command',
    target: { instanceId },
    instruction: { kind: status === 'FREEZE' ? 'freeze' : 'unfreeze' },
    key: null,
  }),
  releaseInstance: ({ instanceId, orderId, testFlag }) => ({
    probe: isProbe(testFlag, orderId),
    kind: 'command',
    target: { instanceId },
    // V2.0 names the unsubscription order, and only when an unsubscription is the cause (saas.md §3.6).
    instruction: { kind: 'release', unsubscribed: orderId !== null },
    key: null,
  }),
  upgradeInstance: ({ instanceId, orderId, orderLineId, testFlag }) => ({
    probe: isProbe(testFlag, orderId),
    kind: 'command',
    target: { instanceId },
    instruction: { kind: 'change', orderId, orderLineId },
    key: key(orderId, orderLineId),
  }),
  changeInstanceCheck: ({ instanceId, productInfo: target, testFlag }) => ({ probe: isProbe(testFlag), kind: 'question', instanceId, target }),
};

function isProbe(testFlag: string | null, orderId: string | null = null): boolean {
  return testFlag === '1' || (orderId?.startsWith('MOCK') ?? false);
}

/** `orderId/orderLineId[/scene]`; a slash inside a part is encoded, so that two different lines never share a key. */
function key(...parts: readonly string[]): string {
  return parts.map((part) => part.replaceAll('%', '%25').replaceAll('/', '%2F')).join('/');
}
