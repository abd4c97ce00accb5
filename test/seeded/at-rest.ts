import type { LifeState } from '../../src/lifecycle/state.ts';
import type { Bench } from './bench.ts';
import type { Desk } from './desk.ts';
import type { Invariant, Ledger } from './ledger.ts';
import type { Marketplace } from './marketplace.ts';
import { isBuilt, mayLack, nextInstant, readings, wanted, type Facts, type Reading } from './model.ts';
import type { Power } from './power.ts';
import { MINUTE } from './schedule.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimulatedTemporal } from './temporal.ts';
import { WARN, WARNING, type People } from './notices.ts';
import { skuOf } from './marketplace.ts';
import type { Tenants, TenantStatus } from './tenants.ts';

export interface Scene {
  readonly ledger: Ledger;
  readonly desk: Desk;
  readonly marketplace: Marketplace;
  readonly tenants: Tenants;
  readonly people: People;
  readonly temporal: SimulatedTemporal;
  readonly power: Power;
  readonly scheduler: Scheduler;
  readonly rows: Bench['rows'];
  readonly estimate: number | null;
  factsOf(line: number): Facts;
}

/** Which promise a tenant breaks that is not what it must be. */
function brokenBy(is: TenantStatus, wants: readonly TenantStatus[]): Invariant {
  if (is === 'open') return 3;
  if (is === 'absent') return wants.includes('open') || wants.includes('suspended') ? 3 : 2;
  return wants.includes('absent') ? 4 : 8;
}

/** Everything works and has had time: what was promised must have come about. */
export async function checkAtRest(scene: Scene): Promise<void> {
  for (const [line, { instanceId }] of scene.marketplace.lines.entries()) {
    const known = scene.desk.promised(line);
    if (known) await checkLine(scene, line, instanceId, known);
  }
  const ordered = scene.marketplace.lines.filter((_, line) => scene.desk.promised(line)).map(({ instanceId }) => instanceId);
  const found = await scene.rows<{ id: string }>('select id from instance where 1 = ?', 1);
  const others = found.filter(({ id }) => !ordered.includes(id)).length;
  const strangers = scene.tenants.changes.filter(({ instanceId }) => !ordered.includes(instanceId));
  scene.ledger.check(10, others === 0 && strangers.length === 0, () => 'something was made that nobody ordered');
}

interface Letter {
  readonly seq: number;
  readonly outcome: string | null;
  readonly instruction: string;
  readonly at: number;
}

interface InstanceRow {
  readonly taken: number;
  readonly last_seq: number;
  readonly waiting: number;
  readonly phase: string;
  readonly state: string;
}

async function checkLine(scene: Scene, line: number, instanceId: string, known: readonly Reading[]): Promise<void> {
  const { ledger, tenants, temporal, scheduler, estimate, factsOf, desk } = scene;
  const now = scheduler.now();
  const facts = factsOf(line);
  const rows = await scene.rows<InstanceRow>('select taken, last_seq, waiting, phase, state from instance where order_line_id = ?', scene.marketplace.lines[line]?.orderLineId ?? '');
  const [row] = rows;
  const workflows = temporal.workflows.filter(({ mailbox }) => mailbox.instanceId === instanceId);
  ledger.check(1, rows.length === 1 && workflows.length <= 1 && tenants.copies(instanceId) <= 1, () => `${rows.length} rows, ${workflows.length} workflows, ${tenants.copies(instanceId)} tenants of one order line`);
  if (!row) return;
  const { desired, actual, trouble, needsPerson } = JSON.parse(row.state) as LifeState;
  const person = Object.keys(needsPerson);
  const seen = JSON.stringify({ desired, actual, trouble, person, world: tenants.status(instanceId) });

  ledger.check(2, row.phase !== 'creating' || person.length > 0, () => `still creating, and nobody was told: ${seen}`);
  const letters = await scene.rows<Letter>('select seq, outcome, instruction, received_at as at from command where instance_id = ? order by seq', instanceId);
  const unsettled = letters.filter(({ outcome }) => outcome === null).map(({ seq, instruction }) => `${seq} ${instruction}`);
  ledger.check(8, row.taken === row.last_seq && row.last_seq === letters.length && row.waiting === 0, () => `${row.taken} of ${row.last_seq} commands are taken, ${letters.length} are there: ${seen}`);
  ledger.check(8, unsettled.length === 0 || person.length > 0, () => `not kept and nobody was told: ${unsettled.join(', ')}: ${seen}`);

  const possible = readings(known, facts, estimate, now, true);
  const is = tenants.status(instanceId);
  // Whatever an order whose window is over has left is removed, until it is asked for anew.
  const fitting = possible.filter((reading) => (mayLack(facts) ? 'absent' : wanted(reading, facts, now)) === is);
  const wants = [...new Set(possible.map((reading) => wanted(reading, facts, now)))];
  ledger.check(brokenBy(is, wants), fitting.length > 0, () => `the tenant is ${is}, but what was promised wants it ${wants.join(' or ')}: ${JSON.stringify(known)}, stored ${seen}`);
  if (is === 'open') ledger.check(3, fitting.every(({ causes, released }) => causes.length === 0 && !released), () => 'usable while frozen');
  desk.keep(line, fitting);
  if (is !== 'absent' && fitting.every(({ released }) => !released)) checkPlan(scene, instanceId, letters, seen);
  if (actual.tenant !== 'removed') checkTold(scene, instanceId, fitting, facts, needsPerson);

  const [builds, removals] = [tenants.builds(instanceId), tenants.removals(instanceId).length];
  ledger.check(4, removals === builds - (is === 'absent' ? 0 : 1), () => `built ${builds} times, removed ${removals} times, and is ${is}`);
  if (actual.tenant === 'removed') {
    ledger.check(4, is === 'absent' && workflows.every(({ closed }) => closed), () => `told as removed, but is ${is}: ${seen}`);
  } else ledger.check(1, workflows.length === 1 && workflows.every(({ closed }) => !closed), () => `lives without a workflow: ${seen}`);
  const phase = mayLack(facts) ? ['creating'] : { open: ['active'], suspended: ['frozen', 'released'], absent: ['released', 'failed'] }[is];
  ledger.check(2, phase.includes(row.phase), () => `shown as ${row.phase}, but is ${is}: ${seen}`);
}

/** The tenant is of the plan of the last change that was let in and not refused; one that a release overtook may be carried out or not. */
function checkPlan({ ledger, tenants }: Scene, instanceId: string, letters: readonly Letter[], seen: string): void {
  const wants: string[] = [];
  for (const { outcome, instruction, at } of [{ outcome: 'done', instruction: '{"orderId":""}', at: 0 }, ...letters].toReversed()) {
    const { kind, orderId } = JSON.parse(instruction) as { kind?: string; orderId?: string };
    if (orderId === undefined || kind === 'create') continue;
    const sku = skuOf(orderId);
    const refused = tenants.refused(instanceId, sku, at);
    if (outcome === 'done') ledger.check(8, at === 0 || tenants.hadPlan(instanceId, sku, at), () => `the change to ${sku} is told as done, but the tenant was never of it: ${seen}`);
    if (outcome === 'failed' && refused && kind === 'change') continue;
    ledger.check(8, outcome !== 'failed' || kind === 'renewChange', () => `the change to ${sku} is told as failed, but nobody refused it: ${seen}`);
    // A renewal's size may fail with the purchase itself, and stays wanted then.
    wants.push(sku);
    if (outcome === 'done') break;
  }
  const is = tenants.plan(instanceId) ?? '';
  // A late landing brought the old plan back, and the change was refused the second time: a person was told.
  ledger.check(8, wants.includes(is) || seen.includes('change-refused'), () => `the tenant is of ${is}, but what was promised wants it of ${wants.join(' or ')}: ${letters.map(({ instruction, outcome }) => `${instruction} ${outcome}`).join(', ')}; ${seen}`);
}

/** Whatever needs a person was told, and the coming end announced. */
function checkTold({ ledger, people, scheduler }: Scene, instanceId: string, known: readonly Reading[], facts: Facts, needsPerson: LifeState['needsPerson']): void {
  for (const [kind, { since }] of Object.entries(needsPerson)) {
    ledger.check(8, people.heard({ instanceId, kind, instant: since }), () => `nobody was told that it needs a person: ${kind} of ${since}`);
  }
  const [reading] = known;
  if (!reading || reading.end === null || known.some(({ end, released }) => end !== reading.end || released) || !isBuilt(facts)) return;
  const { end } = reading;
  const now = scheduler.now();
  if (end - WARN + MINUTE <= now && now < end) ledger.check(9, people.heard({ instanceId, kind: WARNING, instant: end }), () => `the end ${new Date(end).toISOString()} was not announced`);
}

/** How far ahead a clock is looked for, and how many one after another. */
const CLOCKS = 3;
const SOON = MINUTE;

/** Lets our own clocks come, one after another: not a millisecond early, and at their instant although the worker was killed on the way. */
export async function checkClocks(scene: Scene): Promise<void> {
  const { ledger, desk, marketplace, tenants, scheduler, power, factsOf } = scene;
  for (let clock = 0; clock < CLOCKS; clock += 1) {
    const ahead = marketplace.lines.flatMap(({ instanceId }, line) => {
      const known = desk.promised(line) ?? [];
      const instants = [...new Set(known.map((reading) => (factsOf(line).refusal || mayLack(factsOf(line)) ? null : nextInstant(reading))))];
      const [at] = instants;
      return instants.length === 1 && at !== null && at !== undefined && at > scheduler.now() ? [{ line, instanceId, at }] : [];
    });
    const next = ahead.toSorted((a, b) => a.at - b.at)[0];
    if (!next) return;
    const { line, instanceId, at } = next;
    const before = tenants.status(instanceId);
    await scheduler.runTo(Math.floor((scheduler.now() + at) / 2));
    power.cut('worker');
    power.restore('worker');
    await scheduler.runTo(at - 1);
    ledger.check(9, tenants.status(instanceId) === before, () => `the tenant was ${tenants.status(instanceId)} before ${new Date(at).toISOString()}`);
    await scheduler.runTo(at + SOON);
    const must = (desk.promised(line) ?? []).map((reading) => wanted(readings([reading], factsOf(line), scene.estimate, scheduler.now(), true)[0] ?? reading, factsOf(line), scheduler.now()));
    ledger.check(9, must.includes(tenants.status(instanceId)), () => `the tenant was still ${tenants.status(instanceId)} a minute after ${new Date(at).toISOString()}, not ${must.join(' or ')}`);
    await checkAtRest(scene);
  }
}
