import { ask, type OrderQueryAccess } from './ask.ts';
import { HONEST, refusal, success, textOf, type Answer, type Body, type Parts } from './honest.ts';

export interface Instance {
  readonly id: string;
  readonly body: Body;
  status: 'active' | 'frozen' | 'released';
  made: boolean;
  queries: number;
  /** The question what was bought; null before it is asked. */
  question: Promise<string | null> | null;
}

/** What a living seller does with an instance; a faulty one replaces a part. */
export interface Ways {
  readonly idFor: (body: Body, known: Map<string, string>) => string | Promise<string>;
  readonly readyAfter: number;
  /** The order query; without it what was bought does not matter. */
  readonly orders: OrderQueryAccess | null;
  /** In the background, with every query anew until it is answered; once in the background; before the create is answered; or never. */
  readonly asks: 'background' | 'once' | 'create' | 'never';
  /** What a question that failed inside a create leaves behind. */
  readonly failed: 'nothing' | 'its answer' | 'a success';
  /** Refused where the seller asks inside the create. */
  readonly trials: 'sold' | 'refused';
  readonly access: object;
  readonly repeat: 'success' | 'refused';
  /** What a release leaves. */
  readonly released: 'gone' | 'still there' | 'built anew';
  /** What becomes of an instance that is frozen or released while it is being made. */
  readonly early: 'as asked' | 'a freeze ends the making' | 'a release is lost';
  readonly probes: 'apart' | 'real';
  readonly isProbe: (body: Body) => boolean;
  readonly unknown: string;
  readonly mostIds: number;
  /** Whether ids are answered when one of them is unknown. */
  readonly batches: 'known ones' | 'all or none';
  /** ms that a call takes on the clock of both sides. */
  readonly works: (body: Body) => number;
  /** Said instead of the right answer; null leaves it. `before`: how often this body, businessId apart, came already. */
  readonly instead: (body: Body, before: number, instance: Instance | undefined) => Answer | null;
}

const usualId = (body: Body): string => `i-${textOf(body['orderLineId'])}`;

const WAYS: Ways = {
  idFor: usualId,
  readyAfter: 2,
  orders: null,
  asks: 'background',
  failed: 'nothing',
  trials: 'sold',
  access: { frontEndUrl: 'https://example.com/t/1' },
  repeat: 'success',
  released: 'gone',
  early: 'as asked',
  probes: 'apart',
  isProbe: (body) => textOf(body['testFlag']) === '1',
  unknown: '000003',
  mostIds: 100,
  batches: 'known ones',
  works: () => 0,
  instead: () => null,
};

const WORKING = { resultCode: '000004', resultMsg: 'working' };

/** A seller that really keeps instances, and asks what was bought before it makes one. */
export function living(change: Partial<Ways> = {}): Partial<Parts> & { readonly instances: Map<string, Instance> } {
  const ways = { ...WAYS, ...change };
  const instances = new Map<string, Instance>();
  const lines = new Map<string, string>();
  const heard = new Map<string, number>();
  const failures = new Map<string, Answer>();

  const question = (body: Body): Promise<string | null> => (ways.orders === null || ways.asks === 'never' ? Promise.resolve('NEW') : ask(ways.orders, body));

  async function create(body: Body): Promise<Answer> {
    const line = textOf(body['orderLineId']);
    const before = failures.get(line);
    if (before !== undefined) return before;
    const id = await ways.idFor(body, lines);
    const known = instances.get(id);
    if (known?.status === 'released' && ways.released === 'built anew') Object.assign(known, { status: 'active', made: true });
    if (known?.made) return success({ instanceId: id });
    if (known !== undefined) return { ...WORKING, instanceId: id };
    const made: Instance = { id, body, status: 'active', made: false, queries: 0, question: null };
    instances.set(id, made);
    made.question = question(body);
    if (ways.asks !== 'create') return { ...WORKING, instanceId: id };
    const type = await made.question;
    const refused = type === 'TRIAL' && ways.trials === 'refused';
    if (type !== null && !refused) return { ...WORKING, instanceId: id };
    instances.delete(id);
    if (refused) return refusal('000005', 'no trials');
    if (ways.failed === 'a success') return { ...WORKING, instanceId: id };
    const answer = refusal('000005', 'the order query failed');
    if (ways.failed === 'its answer') failures.set(line, answer);
    return answer;
  }

  async function make(instance: Instance): Promise<void> {
    instance.queries += 1;
    const told = await instance.question;
    if (told === null && ways.asks === 'background') instance.question = question(instance.body);
    if (told !== null && instance.queries >= ways.readyAfter) instance.made = true;
  }

  async function query(ids: readonly string[]): Promise<Answer> {
    if (ids.length > ways.mostIds) return refusal('000002', 'too many ids');
    const known = ids.flatMap((id) => instances.get(id) ?? []).filter(({ status }) => status !== 'released' || ways.released !== 'gone');
    if (known.length === 0 || (ways.batches === 'all or none' && known.length < ids.length)) return refusal(ways.unknown, 'unknown');
    for (const instance of known) if (!instance.made) await make(instance);
    const ready = known.filter(({ made, status }) => made && (status !== 'released' || ways.released === 'still there'));
    if (ready.length === 0) return known.some(({ made }) => !made) ? WORKING : refusal(ways.unknown, 'released');
    return success({ info: ready.map(({ id }) => ({ instanceId: id, appInfo: ways.access })) });
  }

  function turn(instance: Instance, status: Instance['status']): Answer {
    const again = instance.status === status;
    if (!instance.made && status === 'released' && ways.early === 'a release is lost') return success();
    if (instance.status !== 'released') instance.status = status;
    if (!instance.made && status === 'frozen' && ways.early === 'a freeze ends the making') instance.queries = Number.NEGATIVE_INFINITY;
    return again && ways.repeat === 'refused' ? refusal('000005', 'already so') : success();
  }

  const real = async (body: Body): Promise<Answer> => {
    if (body['activity'] === 'newInstance') return create(body);
    const id = textOf(body['instanceId']);
    if (body['activity'] === 'queryInstance') return query(id.split(','));
    const instance = instances.get(id);
    if (instance === undefined) return refusal(ways.unknown, 'unknown');
    if (body['activity'] === 'releaseInstance') return turn(instance, 'released');
    if (body['activity'] === 'updateInstanceStatus') return turn(instance, body['status'] === 'FREEZE' ? 'frozen' : 'active');
    return instance.status === 'released' ? refusal('000003', 'released') : success();
  };

  return {
    instances,
    answer: async (body, seller) => {
      if (!ways.isProbe(body)) {
        const took = ways.works(body);
        if (took > 0) seller.clock.now += took;
        const known = JSON.stringify({ ...body, businessId: '' });
        const before = heard.get(known) ?? 0;
        heard.set(known, before + 1);
        return ways.instead(body, before, instances.get(body['instanceId'] === undefined ? usualId(body) : textOf(body['instanceId']))) ?? real(body);
      }
      if (ways.probes === 'real' && instances.has(textOf(body['instanceId']))) await real(body);
      return HONEST.answer(body, seller);
    },
  };
}
