import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Activity } from '../../marketplace/saas-v2/verbs.ts';
import { release, unfreeze } from '../actions/status.ts';
import type { Play } from '../actions/play.ts';
import type { Call } from '../call.ts';
import type { Members } from '../request.ts';
import { RETRY_PLANS } from '../retry-plans.ts';
import type { CustomerLevel } from './levels.ts';
import { matterKey, openMatters, type Matter } from './matters.ts';
import { createProbes } from './probes.ts';
import { createRepeats } from './repeats.ts';
import { openStanding, type Gauge, type PlatformEvent } from './standing.ts';
import { end, endings } from './validity.ts';

export interface PlatformOptions {
  /** Of the one customer; sets grace and retention. */
  readonly level: CustomerLevel;
  /** Told of what the platform does by itself, beside the calls. */
  readonly tell?: (event: PlatformEvent) => void;
}

/** What KooGallery does without anybody's asking: repeats, polling, freeze and release after the end, probes, and what failures lead to. */
export interface Platform {
  /** Told of every live call of an action once it is answered. */
  observe(call: Call): Promise<void>;
  /** UTC ms of the next thing to do; null when there is none. What is being done at the moment does not count. */
  nextDue(): Promise<number | null>;
  /** Does everything that is due at the present instant, and resolves when it is done. */
  runDue(): Promise<void>;
  /** Told when a bill stays open, and when it is paid: a freeze that is still being repeated for it is called off. */
  billed(instanceId: string, paid: boolean): Promise<void>;
  debug(verb: Activity, members: Members): Promise<Call>;
  /** What is waiting for a repeat, or for a person. */
  matters(): Promise<readonly Matter[]>;
  events(newest?: number): Promise<readonly PlatformEvent[]>;
  gauge(): Promise<Gauge & { readonly savedCases: readonly Activity[] }>;
  sellAgain(): Promise<void>;
  onSale(): Promise<boolean>;
}

interface Due {
  readonly key: string;
  readonly dueAt: number;
  run(): Promise<void>;
}

export interface PlatformParts extends PlatformOptions {
  readonly play: Play;
  readonly em: () => SqlEntityManager;
  readonly speed: number;
}

const PROBES = 'probes';

export async function openPlatform({ play, em, speed, level, tell = () => undefined }: PlatformParts): Promise<Platform> {
  const { books, now } = play;
  const matters = openMatters(em);
  const standing = await openStanding({ em, now, speed, tell });
  const probes = createProbes({ em, now, send: play.send, standing });
  const repeats = createRepeats({ play, matters, speed, exhausted, ready });
  const underWay = new Set<string>();
  /** How many things were done before each was done last: what an agenda read in between holds is stale. */
  const doneAs = new Map<string, number>();
  let done = 0;

  async function exhausted(matter: Matter): Promise<void> {
    const { verb, orderId, purchaseId, key, reason } = matter;
    const [{ ending }] = RETRY_PLANS[verb];
    if (orderId !== null) await standing.orderFailed({ orderId, text: `${verb} was not accepted to the last repeat: ${reason}` });
    if (ending === 'manual') return standing.record('left-to-a-person', { orderId, instanceId: matter.instanceId, text: `${verb}: ${reason}` });
    if (verb !== 'upgradeInstance') return refund(purchaseId);
    await matters.close(key);
    await unsubscribe(purchaseId, orderId ?? purchaseId);
  }

  /** A purchase that never came to be. What the seller has begun is released; no page says whether that call comes (saas.md 7.1.4). */
  async function refund(purchaseId: string): Promise<void> {
    const { instanceId, status } = await books.asset(await books.order(purchaseId));
    await matters.closeOf(purchaseId);
    if (status === 'released') return;
    await standing.record('refunded', { orderId: purchaseId, instanceId, text: 'unsubscribed and refunded automatically' });
    if (instanceId !== null) await release(play, instanceId, { unsubscribe: true });
    else await unsubscribe(purchaseId, purchaseId);
    await books.note(purchaseId, { status: 'released' });
  }

  async function unsubscribe(purchaseId: string, failedId: string): Promise<void> {
    const { chargingMode, periodType, periodNumber, products } = await books.order(failedId);
    await books.place({ type: 'UNSUBSCRIBE', purchaseId, chargingMode, periodType, periodNumber, expireAt: null, products });
    if (failedId !== purchaseId) await standing.record('refunded', { orderId: failedId, text: 'the change is unsubscribed and refunded automatically' });
  }

  async function ready({ orderId, instanceId, since }: Matter): Promise<void> {
    await standing.record('ready', { orderId, instanceId, text: `ready ${since} ms after its create` });
  }

  async function observe(call: Call): Promise<void> {
    if (call.kind === 'test') return;
    await repeats.observe(call);
    if (!call.verdict.ok || call.instanceId === null) return;
    if (call.verb === 'refreshInstance') await afterRefresh(call.instanceId);
    if (call.verb === 'releaseInstance') {
      const purchase = await books.purchaseOf(call.instanceId);
      if (purchase !== null) await matters.closeOf(purchase.purchaseId);
    }
  }

  /** The books have the new end before the call is sent. */
  async function afterRefresh(instanceId: string): Promise<void> {
    const ending = (await books.ending()).find((each) => each.instanceId === instanceId);
    if (ending === undefined || ending.endsAt <= now() || ending.frozenFor !== 'expiry') return;
    // A freeze that was still being repeated is called off: it was for the end that has moved.
    await matters.close(matterKey('updateInstanceStatus', null, instanceId) ?? '');
    if (ending.status === 'frozen') {
      await standing.record('unfreeze', { instanceId, text: 'renewed after the expiry froze it' });
      await unfreeze(play, instanceId);
    } else await books.note(ending.purchaseId, { frozenFor: null });
  }

  async function billed(instanceId: string, paid: boolean): Promise<void> {
    await standing.record(paid ? 'paid' : 'arrears', { instanceId, text: paid ? 'the bill is paid' : 'the bill is not paid' });
    const purchase = await books.purchaseOf(instanceId);
    if (!paid || purchase === null || (await books.causeOf(purchase.purchaseId)) !== null) return;
    const freezeKey = matterKey('updateInstanceStatus', null, instanceId) ?? '';
    if ((await matters.find(freezeKey))?.members['status'] === 'FREEZE') await matters.close(freezeKey);
  }

  async function agenda(): Promise<readonly Due[]> {
    const repeated = (await matters.list()).flatMap((matter) => (matter.dueAt === null ? [] : [{ key: matter.key, dueAt: matter.dueAt, run: () => repeats.carryOut(matter) }]));
    const ended = (await endings(play, matters, level, speed)).map((ending) => ({
      ...ending,
      async run() {
        await standing.record(ending.does, { instanceId: ending.instanceId, text: `not ${ending.cause === 'arrears' ? 'paid' : 'renewed'} within the ${ending.does === 'freeze' ? 'grace' : 'retention'}` });
        await end(play, ending);
      },
    }));
    const { nextProbeAt } = await standing.gauge();
    const probing = nextProbeAt === null ? [] : [{ key: PROBES, dueAt: nextProbeAt, run: () => probes.round() }];
    return [...repeated, ...ended, ...probing].filter(({ key }) => !underWay.has(key)).toSorted((a, b) => a.dueAt - b.dueAt);
  }

  return {
    observe,
    async nextDue() {
      return (await agenda())[0]?.dueAt ?? null;
    },
    async runDue() {
      const at = now();
      const before = done;
      const due = (await agenda()).filter(({ dueAt }) => dueAt <= at);
      // One seller who hangs on one order must not hold up the others.
      await Promise.all(
        due.map(async ({ key, run }) => {
          if (underWay.has(key) || (doneAs.get(key) ?? 0) > before) return;
          underWay.add(key);
          await run().finally(() => {
            underWay.delete(key);
            done += 1;
            doneAs.set(key, done);
          });
        }),
      );
    },
    billed,
    debug: probes.debug,
    matters: matters.list,
    events: standing.events,
    gauge: async () => ({ ...(await standing.gauge()), savedCases: await probes.saved() }),
    sellAgain: standing.sellAgain,
    onSale: async () => (await standing.gauge()).trading === 'on-sale',
  };
}

