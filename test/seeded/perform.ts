import type { EffectKind, EffectResult } from '../../src/lifecycle/effect.ts';
import { DEFAULT_RULES } from '../../src/lifecycle/rules.ts';
import type { LifeState } from '../../src/lifecycle/state.ts';
import { catchUp } from '../../src/store/behind.ts';
import { commandsAfter } from '../../src/store/mailbox.ts';
import { claimNotice, markSent } from '../../src/store/notices.ts';
import type { Store } from '../../src/store/open.ts';
import { dropSealed, putSealed } from '../../src/store/sealed.ts';
import { storeState } from '../../src/store/state.ts';
import type { Attempting, Work } from './activities.ts';
import type { Bench } from './bench.ts';
import type { Asking } from './life-run.ts';
import { BOUGHT, skuOf } from './marketplace.ts';
import type { People } from './notices.ts';
import type { Power } from './power.ts';
import type { Round } from './schedule.ts';
import type { Scheduler } from './scheduler.ts';
import type { Tenants } from './tenants.ts';
import type { Wiring } from './wiring.ts';

const PLAN = { skuCode: BOUGHT, productId: 'OFFI1', quantity: 5, chargingMode: 'PERIOD', trial: false };

export interface Outside {
  readonly scheduler: Scheduler;
  readonly power: Power;
  readonly bench: Bench;
  readonly database: Store;
  readonly tenants: Tenants;
  readonly people: People;
  readonly wiring: Wiring;
  /** End that the order query estimates. */
  readonly estimate: number | null;
  /** How the next attempt goes. */
  round(kind: EffectKind): Round;
  /** What stands in the store now. */
  stored(instanceId: string, state: LifeState): void;
  /** The order query has answered what was bought. */
  ordered(instanceId: string): void;
}

interface Of {
  readonly instanceId: string;
  readonly runId: string;
}

/** The activities of `src/activities`, without Temporal's context around them. */
export function createPerform(outside: Outside) {
  const { scheduler, power, bench, database, tenants, people, wiring } = outside;
  const { rows, sealer } = bench;
  const rules = wiring.rules ? wiring.rules(DEFAULT_RULES) : DEFAULT_RULES;

  const ask = async (asking: Asking, { instanceId, runId }: Of): Promise<unknown> => {
    if (asking.ask === 'pull') {
      const em = database.em();
      const { carried, after } = asking;
      // Where a statement of the real road finds nothing it is left out: most pulls find nothing, and MikroORM is most of a schedule's time.
      const [row] = await rows<{ generation: number; version: number; last_seq: number }>('select generation, version, last_seq from instance where id = ?', instanceId);
      const isBehind = !row || (row.generation === carried.generation && row.version < carried.version);
      if (isBehind) await catchUp(em, instanceId, carried, scheduler.now());
      else if (row.last_seq <= after) return [];
      const commands = await commandsAfter(em, instanceId, after);
      return wiring.pulled ? wiring.pulled(commands) : commands;
    }
    const em = database.em();
    if (wiring.storing) await wiring.storing(asking.state, bench);
    const answer = await storeState(em, asking.state, runId, asking.at);
    const [row] = await rows<{ state: string }>('select state from instance where id = ?', instanceId);
    if (row) outside.stored(instanceId, JSON.parse(row.state) as LifeState);
    if (power.losesAnswer('store')) throw new Error('the answer of the database got lost');
    return answer;
  };

  return async (work: Work, of: Of, attempting: Attempting | null): Promise<unknown> => {
    if ('asking' in work) return ask(work.asking, of);
    const { effect } = work;
    const { instanceId } = of;
    const round = outside.round(effect.kind);
    if (!attempting) throw new Error('an effect is no local activity');
    switch (effect.kind) {
      case 'order': {
        await tenants.asked(attempting, round);
        // The personal part is sealed in the store there; nothing here looks at it, and a database that is away fails the attempt.
        database.em();
        const skuCode = skuOf(effect.orderId);
        if (!/^CS[XY]/.test(effect.orderId)) outside.ordered(instanceId);
        return { end: 'done', purchase: { plan: { ...PLAN, skuCode }, expireAt: outside.estimate, products: 1 }, rules } satisfies EffectResult;
      }
      case 'notify': {
        const told = { instanceId, kind: effect.notice.kind, instant: effect.notice.instant };
        if ((await claimNotice(database.em(), { ...told, detail: effect.notice.detail, now: scheduler.now() })) === 'sent') return { end: 'done' } satisfies EffectResult;
        if (wiring.notices !== 'swallowed') await people.tell(told, attempting, round);
        await markSent(database.em(), told, scheduler.now());
        people.settled(told);
        return { end: 'done' } satisfies EffectResult;
      }
      case 'provision':
      case 'suspend':
      case 'resume':
      case 'change':
      case 'remove': {
        const access = await tenants.attempt({ verb: effect.kind, instanceId, plan: effect.plan.skuCode, suspended: effect.kind === 'provision' && effect.suspended, ...attempting }, round);
        if (effect.kind === 'provision') await putSealed(database.em(), sealer, instanceId, 'access', JSON.stringify(access), scheduler.now());
        if (effect.kind === 'remove') await dropSealed(database.em(), instanceId);
        return { end: 'done', ...(effect.kind === 'change' ? { rules } : {}) } satisfies EffectResult;
      }
    }
  };
}
