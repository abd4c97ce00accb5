import { HONEST, refusal, success, textOf, type Answer, type Body, type Parts } from './honest.ts';

interface Instance {
  status: 'making' | 'active' | 'frozen' | 'released';
  queries: number;
}

/** What a living seller does with an instance; a faulty one replaces a part. */
export interface Ways {
  readonly idFor: (body: Body, known: Map<string, string>) => string | Promise<string>;
  readonly readyAfter: number;
  readonly repeat: 'success' | 'refused';
  readonly released: 'gone' | 'still there';
  readonly probes: 'apart' | 'real';
  readonly unknown: string;
  /** ms that a create takes on the clock of both sides. */
  readonly works: number;
  /** Said instead of the right answer; null leaves it. `before`: how often this body, businessId apart, came already. */
  readonly instead: (body: Body, before: number) => Answer | null;
}

const WAYS: Ways = {
  idFor: (body) => `i-${textOf(body['orderLineId'])}`,
  readyAfter: 2,
  repeat: 'success',
  released: 'gone',
  probes: 'apart',
  unknown: '000003',
  works: 0,
  instead: () => null,
};

/** A seller that really keeps instances, with an order query left out: what was bought does not matter here. */
export function living(change: Partial<Ways> = {}): Partial<Parts> & { readonly instances: Map<string, Instance> } {
  const ways = { ...WAYS, ...change };
  const instances = new Map<string, Instance>();
  const lines = new Map<string, string>();
  const heard = new Map<string, number>();

  async function create(body: Body): Promise<Answer> {
    const instanceId = await ways.idFor(body, lines);
    const known = instances.get(instanceId);
    if (known?.status === 'active') return success({ instanceId });
    if (known === undefined) instances.set(instanceId, { status: 'making', queries: 0 });
    return { resultCode: '000004', resultMsg: 'working', instanceId };
  }

  function query(id: string, instance: Instance): Answer {
    instance.queries += 1;
    if (instance.status === 'making' && instance.queries >= ways.readyAfter) instance.status = 'active';
    if (instance.status === 'making') return { resultCode: '000004', resultMsg: 'working' };
    if (instance.status === 'released' && ways.released === 'gone') return refusal('000003', 'released');
    return success({ info: [{ instanceId: id, appInfo: { frontEndUrl: 'https://example.com/t/1' } }] });
  }

  function turn(instance: Instance, status: Instance['status']): Answer {
    const again = instance.status === status;
    instance.status = status;
    return again && ways.repeat === 'refused' ? refusal('000005', 'already so') : success();
  }

  const real = async (body: Body, clock: { now: number }): Promise<Answer> => {
    if (body['activity'] === 'newInstance') {
      if (ways.works > 0) clock.now += ways.works;
      return create(body);
    }
    const id = textOf(body['instanceId']);
    const instance = instances.get(id);
    if (instance === undefined) return refusal(ways.unknown, 'unknown');
    if (body['activity'] === 'queryInstance') return query(id, instance);
    if (body['activity'] === 'releaseInstance') return turn(instance, 'released');
    if (body['activity'] === 'updateInstanceStatus') return turn(instance, body['status'] === 'FREEZE' ? 'frozen' : 'active');
    return success();
  };

  return {
    instances,
    answer: async (body, seller) => {
      if (body['testFlag'] !== '1') {
        const known = JSON.stringify({ ...body, businessId: '' });
        const before = heard.get(known) ?? 0;
        heard.set(known, before + 1);
        const right = await real(body, seller.clock);
        return ways.instead(body, before) ?? right;
      }
      if (ways.probes === 'real' && instances.has(textOf(body['instanceId']))) await real(body, seller.clock);
      return HONEST.answer(body, seller);
    },
  };
}
