import { instantsOf } from '../lifecycle/clocks.ts';
import { phaseOf } from '../lifecycle/phase.ts';
import type { LifeState } from '../lifecycle/state.ts';

/** The page's top in the Temporal UI: a short Markdown table for the person who was woken. Holds nothing personal and nothing secret. */
export function detailsOf(state: LifeState): string {
  const { desired, actual, trouble, open } = state;
  const { plan } = desired;
  const rows: [string, string][] = [
    ['phase', phaseOf(state)],
    ['instance', state.instanceId],
    ['plan', plan ? `${plan.skuCode}${plan.quantity === null ? '' : ` × ${plan.quantity}`}${plan.trial ? ' (trial)' : ''}` : 'not known yet'],
    ['frozen for', desired.frozen.join(', ') || '–'],
    ['expires', desired.expireAt === null ? (plan ? 'never' : 'not known yet') : `${stamp(desired.expireAt)}${desired.stated ? '' : ' (estimated)'}`],
    ['next', comesNext(state)],
    ['commands', `${state.taken} taken, ${open.length} being carried out`],
  ];
  if (actual.refusal) rows.push(['refused', `${actual.refusal.code} ${actual.refusal.message}`]);
  if (trouble) rows.push(['last error', `${trouble.effect} (round ${trouble.rounds}): ${trouble.code} ${trouble.message}`]);
  for (const [reason, { since, detail }] of Object.entries(state.needsPerson)) rows.push([`needs a person: ${reason}`, `${detail} (since ${stamp(since)})`]);
  return ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')} |`)].join('\n');
}

function comesNext(state: LifeState): string {
  const { freezeAt, retentionOverAt, removeAt, warnAt, createWindowOverAt } = instantsOf(state);
  const { trouble, rules } = state;
  const ahead: [number | null, string][] = [
    [trouble?.nextTryAt ?? null, `next try of ${trouble?.effect}`],
    [createWindowOverAt, 'the create window ends: nothing new is begun'],
    [warnAt, 'the coming end is announced'],
    [freezeAt, rules.onExpiry === 'freeze' ? 'freeze by our own clock' : 'a person is told that grace is over'],
    [retentionOverAt, rules.onRetention === 'hold' ? 'a person is told that retention is over' : 'release by our own clock'],
    [removeAt, 'removal of the data'],
  ];
  const [first] = ahead.filter((entry): entry is [number, string] => entry[0] !== null).toSorted(([a], [b]) => a - b);
  if (trouble && trouble.nextTryAt === null) return `waits for a person: ${trouble.effect} has failed ${trouble.rounds} rounds`;
  return first ? `${first[1]} at ${stamp(first[0])}` : 'waits for a call';
}

function stamp(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
