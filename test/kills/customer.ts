import { setTimeout as delay } from 'node:timers/promises';
import type { AccessData } from '../../src/marketplace/dialect.ts';
import { addNote } from '../../src/provisioners/sqlite-tenant/notes.ts';
import { visitTenant } from '../../src/provisioners/sqlite-tenant/tenant-file.ts';
import { textMember, type Call } from '../../src/simulator/call.ts';
import type { Market } from '../../src/simulator/market.ts';
import type { Order } from '../../src/simulator/books.ts';
import type { Accepted } from './model.ts';
import type { LinePlan, Step } from './plan.ts';

/** What became of one line, as the marketplace and the buyer saw it. */
export interface Story {
  readonly plan: LinePlan;
  readonly order: Order;
  instanceId: string;
  /** Accepted calls that say something, in their order. */
  readonly accepted: Accepted[];
  /** What the buyer was given first; null for a line that did not wait for it. */
  access: AccessData | null;
  /** Calls sent again because no answer came, or the one for "later". */
  repeats: number;
  /** Accepted calls sent once more to the byte, and how many of them were answered. */
  echoes: { sent: number; answered: number };
  /** What should not have been, in words. */
  readonly wrong: string[];
  /** Every call of the plan was accepted. */
  finished: boolean;
}

export interface Stage {
  readonly market: Market;
  readonly tenants: string;
  /** Instants of the plan count from here, UTC ms. */
  readonly began: number;
  /** Ends a line that is never accepted, or never ready, ms. */
  readonly patience: number;
}

export const NOTE = 'written when the access data came';
const HOUR = 3_600_000;
/** Between two tries, ms. The marketplace takes minutes and hours: what it does is the same. */
const TRY_AGAIN = 400;
/** Between two queries for the access data: each is a record in the journal, and on SQLite a hundred of them a second leave the worker no turn. */
const ASK_AGAIN = 3_000;
/** A stamp is fresh for a minute; the bytes are not sent again when it might not be. */
const ECHO_LIMIT = 40_000;

/** Plays one order line: create, the plan's steps, release, each repeated until it is accepted, as the marketplace does. Never rejects. */
export async function playLine(stage: Stage, plan: LinePlan): Promise<Story> {
  const { market, began } = stage;
  await delay(Math.max(0, began + plan.startAt - Date.now()));
  const bought = await market.buy({ skuCode: plan.sku, productId: 'notes', ...(plan.ending ? { expireAt: Date.now() + HOUR } : {}) });
  const story: Story = { plan, order: bought.order, instanceId: '', accepted: [], access: null, repeats: 0, echoes: { sent: 0, answered: 0 }, wrong: [], finished: false };
  try {
    const created = await insist(stage, story, bought.call, () => market.create(bought.order));
    story.instanceId = textMember(created.answer, 'instanceId') ?? '';
    story.accepted.push({ kind: 'create', at: created.at });
    if (plan.patient) await moveIn(stage, story);
    for (const step of plan.steps) {
      await delay(step.after);
      await take(stage, story, step);
    }
    if (plan.release) {
      const { after, identical, unsubscribed } = plan.release;
      await delay(after);
      const released = await insist(stage, story, await market.release(story.instanceId, { unsubscribe: unsubscribed }), again(market, identical));
      story.accepted.push({ kind: 'release', at: released.at, unsubscribed });
    }
    for (let left = plan.late; left > 0; left -= 1) await insist(stage, story, await market.create(story.order), () => market.create(story.order));
    story.finished = true;
  } catch (error) {
    story.wrong.push(error instanceof Error ? error.message : String(error));
  }
  return story;
}

async function take(stage: Stage, story: Story, step: Step): Promise<void> {
  const { market } = stage;
  const { order, instanceId, accepted } = story;
  const tell = async (first: Call): Promise<Call> => {
    const call = await insist(stage, story, first, again(market, step.identical));
    if (step.echo) await echo(market, story, call);
    return call;
  };
  switch (step.kind) {
    case 'again':
    case 'twice': {
      const together = Array.from({ length: step.kind === 'twice' ? 2 : 1 }, () => market.create(order));
      for (const first of await Promise.all(together)) {
        const call = await insist(stage, story, first, () => market.create(order));
        if (step.echo) await echo(market, story, call);
      }
      return;
    }
    case 'poll':
      await insist(stage, story, await market.poll(instanceId), () => market.poll(instanceId));
      return;
    case 'renew': {
      const { order: renewal, call } = await market.renew(order);
      const { at } = await tell(call);
      accepted.push({ kind: 'renew', at, end: renewal.expireAt ?? 0 });
      return;
    }
    case 'freeze':
    case 'unfreeze': {
      const { at } = await tell(await market[step.kind](instanceId));
      accepted.push({ kind: step.kind, at });
    }
  }
}

/** The buyer gets the access data and writes a note, which lives exactly as long as this one tenant. */
async function moveIn({ market, tenants, patience }: Stage, story: Story): Promise<void> {
  story.access = await market.untilReady(story.order, { every: ASK_AGAIN, limit: patience });
  const visit = visitTenant(tenants, story.instanceId, (db) => addNote(db, { text: NOTE, writtenBy: story.access?.userName ?? '', writtenAt: Date.now() }));
  if (visit.tenant !== 'open') story.wrong.push(`the access data were given, but the tenant is ${visit.tenant}`);
}

/** Silence, "later", and an answer that came after the marketplace had given up: what a repeat is for. */
const REPEATED: readonly (string | null)[] = [null, '000005', '000000', '000004'];

/** Repeats a call until it is accepted in time. Rejects at an answer that no repeat would change. */
async function insist({ patience }: Stage, story: Story, first: Call, repeat: (call: Call) => Promise<Call>): Promise<Call> {
  const end = Date.now() + patience;
  let call = first;
  while (!call.verdict.ok) {
    if (!REPEATED.includes(call.resultCode)) throw new Error(`${call.verb} was answered ${call.resultCode} ${textMember(call.answer, 'resultMsg') ?? ''}`);
    if (Date.now() > end) throw new Error(`${call.verb} was not accepted within ${patience} ms: ${call.verdict.reason}`);
    await delay(TRY_AGAIN);
    story.repeats += 1;
    call = await repeat(call);
  }
  return call;
}

/** The same body again: once to the byte if so planned, then with stamp and nonce of its own. */
function again(market: Market, identical: boolean): (call: Call) => Promise<Call> {
  let first = identical;
  return (call) => {
    const overrides = first ? bytesOf(call) : {};
    first = false;
    return market.send({ body: call.body, overrides });
  };
}

function bytesOf({ query, at }: Call): { timestamp?: string; nonce?: string } {
  const { timestamp, nonce } = query;
  return Date.now() - at > ECHO_LIMIT || timestamp === undefined || nonce === undefined ? {} : { timestamp, nonce };
}

/** The same bytes once more: the same answer, or none at all. */
async function echo(market: Market, story: Story, call: Call): Promise<void> {
  const overrides = bytesOf(call);
  if (overrides.nonce === undefined) return;
  story.echoes.sent += 1;
  const { resultCode, answer } = await market.send({ body: call.body, overrides });
  if (resultCode === null || resultCode === '000005') return;
  story.echoes.answered += 1;
  const same = resultCode === call.resultCode && textMember(answer, 'instanceId') === textMember(call.answer, 'instanceId');
  if (!same) story.wrong.push(`the same bytes of ${call.verb} were answered ${call.resultCode} and then ${resultCode}`);
}
