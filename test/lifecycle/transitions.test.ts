import { describe, expect, it } from 'vitest';
import type { Instruction } from '../../src/lifecycle/command.ts';
import { judge } from '../../src/lifecycle/judge.ts';
import { phaseOf, standingOf, type Phase } from '../../src/lifecycle/phase.ts';
import { CREATE_RETRY } from '../../src/lifecycle/rules.ts';
import type { Desired } from '../../src/lifecycle/state.ts';
import { CHANGE_CHECK, TRANSITIONS } from '../../src/lifecycle/transitions.ts';
import { CREATE, DAY, FREEZE, HOUR, IN, NO, NOW, RELEASE, renew, renewChange, shorten, take, UNFREEZE, upgrade } from './samples.ts';

/** A cell of the table of architecture §3: the door's verdict, and what is desired once the workflow took an admitted command. */
type Cell = string | readonly [verdict: 'admit', then: Partial<Desired>];

const LATER = NOW + HOUR;
const END = NOW + 400 * DAY;
const SOON = NOW + 10 * DAY;
const RENEWED: Cell = ['admit', { expireAt: END, stated: true, armed: true, renewedAt: LATER, frozen: [] }];
const ORDERED = [{ seq: 2, orderId: 'CS2', orderLineId: 'CS2-000001' }];
const VIOLATION: Cell = ['admit', { frozen: ['violation'], statusAt: LATER }];
const GONE: Cell = ['admit', { released: { at: LATER, removeAt: LATER, by: 'marketplace' } }];
const KEPT: Cell = ['admit', { released: { at: LATER, removeAt: LATER + 3 * DAY, by: 'marketplace' } }];

// "frozen" is frozen for a violation here; its expiry lies a year ahead.
const TABLE: readonly (readonly [name: string, instruction: Instruction, cells: Readonly<Record<Phase, Cell>>])[] = [
  ['create', CREATE, { creating: 'running', active: 'done', frozen: 'done', released: 'done', failed: ['admit', { released: null }] }],
  ['renew', renew(END), { creating: RENEWED, active: RENEWED, frozen: ['admit', { expireAt: END, frozen: ['violation'], armed: true }], released: 'unknown', failed: 'unknown' }],
  [
    'renewChange',
    renewChange(END),
    {
      creating: ['admit', { expireAt: END, stated: true, armed: true, orders: ORDERED }],
      active: ['admit', { expireAt: END, stated: true, armed: true, orders: ORDERED }],
      frozen: ['admit', { expireAt: END, frozen: ['violation'], armed: true, orders: ORDERED }],
      released: 'unknown',
      failed: 'unknown',
    },
  ],
  [
    'change',
    upgrade(),
    { creating: 'later', active: ['admit', { orders: ORDERED, frozen: [] }], frozen: ['admit', { orders: ORDERED, frozen: ['violation'] }], released: 'unknown', failed: 'unknown' },
  ],
  [
    'shorten',
    shorten(SOON),
    {
      creating: ['admit', { expireAt: SOON, stated: true, armed: false, frozen: [] }],
      active: ['admit', { expireAt: SOON, stated: true, armed: false, frozen: [] }],
      frozen: ['admit', { expireAt: SOON, stated: true, armed: false, frozen: ['violation'] }],
      released: 'unknown',
      failed: 'unknown',
    },
  ],
  ['freeze', FREEZE, { creating: VIOLATION, active: VIOLATION, frozen: 'done', released: 'done', failed: 'done' }],
  ['unfreeze', UNFREEZE, { creating: ['admit', { frozen: [] }], active: 'done', frozen: ['admit', { frozen: [], armed: false, statusAt: LATER }], released: 'done', failed: 'done' }],
  ['release', RELEASE, { creating: GONE, active: KEPT, frozen: KEPT, released: 'done', failed: GONE }],
];

it('has a row for everything that the marketplace can say', () => {
  expect(TABLE.map(([kind]) => kind).toSorted()).toEqual(Object.keys(TRANSITIONS).toSorted());
});

describe.each(TABLE)('%s', (kind, instruction, cells) => {
  it.each(Object.entries(cells) as [Phase, Cell][])('on %s', (phase, cell) => {
    const state = IN[phase]();
    expect(standingOf(state)).toBe(phase);
    expect(phaseOf(state)).toBe(phase);
    const [verdict, then] = typeof cell === 'string' ? [cell] : cell;
    expect(judge(state, instruction, LATER, LATER)).toEqual(verdict === 'later' ? { verdict, message: 'the instance is being created: please ask again when it is ready' } : { verdict });
    if (then) expect(take(state, instruction, LATER).desired).toMatchObject(then);
  });

  it('has a page of the marketplace behind it', () => {
    expect(TRANSITIONS[kind as keyof typeof TRANSITIONS].page).toMatch(/^https:\/\/support\.huaweicloud\.com\/accessg-marketplace\/zh-cn_topic_\d+\.html$/);
  });
});

describe('a question whether a change would go through', () => {
  it('is asked of what stands only', () => {
    expect(CHANGE_CHECK.in).toEqual({ creating: 'later', active: 'answer', frozen: 'answer', released: 'unknown', failed: 'unknown' });
    expect(CHANGE_CHECK.page).toMatch(/zh-cn_topic_0000002411753620/);
  });
});

describe('a repeated create of a refused order', () => {
  it('gets the code until ten minutes after the refusal, then one new attempt', () => {
    const state = IN.failed();
    const refused = { verdict: 'refused', code: NO.code, message: NO.message };
    expect(judge(state, CREATE, NOW, NOW)).toEqual(refused);
    expect(judge(state, CREATE, NOW, NOW + 10 * 60_000 - 1)).toEqual(refused);
    expect(judge(state, CREATE, NOW, NOW + 10 * 60_000)).toEqual({ verdict: 'admit' });
    expect(CREATE_RETRY).toBe(10 * 60_000);
  });

  it('is not queued twice: the second finds the attempt running', () => {
    const trying = take(IN.failed(), CREATE, LATER);
    expect(judge(trying, CREATE, LATER, LATER)).toEqual({ verdict: 'running' });
    expect(trying.actual.refusal).toBeNull();
  });
});

describe('a status call without a key', () => {
  it('is a repeat exactly when it changes nothing that is desired', () => {
    expect(judge(IN.frozen({ causes: ['expiry'], stated: NOW }), FREEZE, LATER, LATER)).toEqual({ verdict: 'done' });
    // Frozen by our own clock only: the marketplace's freeze adds its cause.
    expect(judge(IN.frozen({ causes: ['clock'], stated: NOW }), FREEZE, LATER, LATER)).toEqual({ verdict: 'admit' });
    expect(judge(IN.frozen({ causes: ['person'] }), FREEZE, LATER, LATER)).toEqual({ verdict: 'admit' });
  });

  it('is judged by what was promised, not by what is carried out', () => {
    const promised = take(IN.active(), FREEZE, LATER);
    expect(phaseOf(promised)).toBe('active');
    expect(judge(promised, FREEZE, LATER + 1, LATER + 1)).toEqual({ verdict: 'done' });
    expect(judge(promised, UNFREEZE, LATER + 1, LATER + 1)).toEqual({ verdict: 'admit' });
    expect(judge(take(promised, UNFREEZE, LATER + 1), UNFREEZE, LATER + 2, LATER + 2)).toEqual({ verdict: 'done' });
  });

  it('older than the last one is admitted even when it changes nothing, so that it is recorded and told', () => {
    const state = take(IN.active(), FREEZE, LATER);
    expect(judge(state, FREEZE, LATER - 5001, LATER)).toEqual({ verdict: 'admit' });
    expect(judge(state, FREEZE, LATER - 5000, LATER)).toEqual({ verdict: 'done' });
  });
});
