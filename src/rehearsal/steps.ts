import { z } from 'zod';
import { DISORDERS, type Disorder } from '../simulator/disorder.ts';
import { ACTIONS, edits, type ActionName } from '../simulator/control/actions.ts';
import { act } from '../operations/act.ts';
import type { Stage } from './stage.ts';
import { VERBS } from './tenants.ts';

export type Who = 'buyer' | 'market' | 'platform' | 'engine' | 'person' | 'scenario';

/** Each with its chance from 0 to 1. */
export const chances = z.partialRecord(z.enum(Object.keys(DISORDERS) as [Disorder, ...Disorder[]]), z.number().min(0).max(1));

/** What the steps of one story keep between them. */
export interface Played {
  readonly stage: Stage;
  readonly seed: number;
  /** Orders of renewals that were not refunded, oldest first. */
  readonly renewals: string[];
  /** The last order placed. */
  lastOrder: string;
  /** Whether the platform does anything by itself. */
  platformActs: boolean;
}

interface StepKind {
  readonly who: Who;
  /** For the reference. */
  readonly does: string;
  /** Fields beside those that every step has. */
  readonly fields: z.ZodRawShape;
  /** Gives a note for the timeline, or null when the calls say it all. */
  run(played: Played, fields: Readonly<Record<string, unknown>>): Promise<string | null>;
}

/** A person asked for something that cannot be done now. */
export class StepRefused extends Error {
  override readonly name = 'StepRefused';
  readonly code = 'STEP_REFUSED';
}

const HANDS = { retry: 'retry', hold: 'hold', unhold: 'unhold', freeze: 'freeze', unfreeze: 'unfreeze', 'cancel-release': 'cancelRelease' } as const;
type Hand = keyof typeof HANDS;

type Buyers = Exclude<ActionName, 'buy' | 'sell'>;

/** An action of the market (`kookeeper market …`), about the one subscription there is. */
function ofMarket(name: Buyers, who: Who, does: string, orderOf: (played: Played) => string = ({ stage }) => stage.order().orderId): StepKind {
  const { order: _order, ...fields } = ACTIONS[name].input.shape;
  return {
    who,
    does,
    fields: { ...fields, set: edits.shape.set.removeDefault().optional(), drop: edits.shape.drop.removeDefault().optional() },
    async run(played, { set, drop, ...given }) {
      const wanted = set === undefined && drop === undefined ? undefined : edits.parse({ set, drop });
      const { result } = await played.stage.market.caused(() => ACTIONS[name].run(played.stage.market, { ...given, ...(_order === undefined ? {} : { order: orderOf(played) }) }), wanted);
      // An action that places no order names the purchase.
      if (result.orderId === undefined || result.orderId === played.stage.order().orderId) return null;
      played.lastOrder = result.orderId;
      if (name === 'renew' || name === 'renew-change') played.renewals.push(result.orderId);
      return null;
    },
  };
}

function ofScenario(does: string, fields: z.ZodRawShape, run: StepKind['run'], who: Who = 'scenario'): StepKind {
  return { who, does, fields, run };
}

/** Everything that a scenario can have happen, by its name in `do`. */
export const STEPS = {
  renew: ofMarket('renew', 'buyer', 'renews'),
  'renew-change': ofMarket('renew-change', 'buyer', 'renews with another specification or size'),
  'to-formal': ofMarket('to-formal', 'buyer', 'makes a trial formal'),
  refund: ofMarket('refund', 'buyer', 'has the last renewal refunded', ({ renewals }) => renewals.pop() ?? ''),
  upgrade: ofMarket('upgrade', 'buyer', 'buys another specification or size'),
  unsubscribe: ofMarket('unsubscribe', 'buyer', 'unsubscribes'),
  open: ofMarket('open', 'buyer', 'opens the resource details'),
  arrears: ofMarket('arrears', 'buyer', 'cannot pay for what was used on demand'),
  pay: ofMarket('pay', 'buyer', 'pays what is owed'),
  expire: ofMarket('expire', 'market', 'ends the validity now, and freezes'),
  violate: ofMarket('violate', 'market', 'freezes for a violation'),
  lift: ofMarket('lift', 'market', 'lifts the freeze'),
  release: ofMarket('release', 'market', 'releases'),
  restart: ofMarket('restart', 'market', "presses the console's restart button for the last order", ({ lastOrder }) => lastOrder),
  probe: ofMarket('probe', 'market', 'debugs (调测): what succeeds is saved and replayed twice a day'),
  look: ofScenario('looks, and does nothing', {}, () => Promise.resolve(null)),
  trouble: ofScenario('has this go wrong on the way to the seller from here on; without chances nothing', { chances: chances.default({}) }, ({ stage, seed }, { chances: given }) => {
    const wanted = given as Partial<Record<Disorder, number>>;
    const none = Object.keys(wanted).length === 0;
    stage.market.disturb(none ? null : { seed, chances: wanted });
    return Promise.resolve(none ? 'everything arrives again' : Object.entries(wanted).map(([name, chance]) => `${name} ${chance}`).join(', '));
  }),
  'pause-platform': ofScenario('the platform forgets: it freezes, releases, repeats and probes nothing by itself', {}, (played) => {
    played.platformActs = false;
    return Promise.resolve('the platform does nothing by itself from here on');
  }),
  'resume-platform': ofScenario('the platform acts again, and makes up for what it missed', {}, (played) => {
    played.platformActs = true;
    return Promise.resolve(null);
  }),
  'stop-api': ofScenario('the seller does not answer', {}, async ({ stage }) => {
    await stage.stopApi();
    return 'nobody answers the marketplace';
  }),
  'start-api': ofScenario('the seller answers again', {}, async ({ stage }) => {
    await stage.startApi();
    return null;
  }),
  'restart-worker': ofScenario('another worker takes over', {}, async ({ stage }) => {
    await stage.restartWorker();
    return 'a new worker knows only the history';
  }),
  'continue-as-new': ofScenario('the workflow starts a new run from its carried state', {}, async ({ stage }) => {
    await stage.handle().signal('continueAsNew');
    return null;
  }),
  'break-provisioner': ofScenario('these verbs of the provisioner fail from here on', { verbs: z.array(z.enum(VERBS)).min(1) }, ({ stage }, { verbs }) => {
    const broken = verbs as (typeof VERBS)[number][];
    stage.tenants.breakVerbs(broken);
    return Promise.resolve(`${broken.join(', ')} fail${broken.length === 1 ? 's' : ''} from here on`);
  }),
  'mend-provisioner': ofScenario('the provisioner works again', {}, ({ stage }) => {
    stage.tenants.breakVerbs([]);
    return Promise.resolve(null);
  }),
  person: ofScenario(
    'a person of the seller does this (`kookeeper instance …`)',
    { what: z.enum([...(Object.keys(HANDS) as [Hand, ...Hand[]]), 'release']) },
    async ({ stage: { store, bell, clock, order } }, { what }) => {
      const word = what as Hand | 'release';
      const acted = await act({ store, bell, now: clock.now }, order().orderLineId, word === 'release' ? { kind: 'release', unsubscribed: false } : { kind: HANDS[word] });
      if (acted === null) throw new StepRefused('there is no such instance');
      if (acted.verdict === 'no') throw new StepRefused(acted.message);
      return null;
    },
    'person',
  ),
} as const satisfies Record<string, StepKind>;

export type StepName = keyof typeof STEPS;

export function isStep(name: string): name is StepName {
  return Object.hasOwn(STEPS, name);
}

export function stepKind(name: StepName): StepKind {
  return STEPS[name];
}
