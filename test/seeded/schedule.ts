import fc from 'fast-check';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** 2026-11-21T00:00:00Z */
export const START = 1_795_219_200_000;

/** What the marketplace asks. `days`: the end it names, counted from the start of the schedule. `order`: few, so that orders repeat. */
export type Asked =
  | { readonly kind: 'create' | 'freeze' | 'unfreeze' }
  | { readonly kind: 'query'; readonly both: boolean }
  | { readonly kind: 'renew'; readonly days: number; readonly order: number; readonly formal: boolean }
  | { readonly kind: 'shorten'; readonly days: number; readonly order: number }
  /** What the order holds, `targetOf` says. */
  | { readonly kind: 'change'; readonly order: number }
  | { readonly kind: 'renewChange'; readonly days: number; readonly order: number }
  | { readonly kind: 'release'; readonly unsubscribed: boolean };

/** What a person does by hand. */
export const BY_HAND = ['retry', 'hold', 'unhold', 'freeze', 'unfreeze', 'release', 'cancelRelease', 'abandon'] as const;
export type ByHand = (typeof BY_HAND)[number];

/** How a debugging call is told: by `testFlag=1`, or by an order or instance that only debugging knows. */
export type Probe = 'no' | 'flag' | 'mock';

/** Now, or right before the next event of this name. */
export const MOMENTS = ['now', 'ring', 'workflow task begins', 'local pull', 'local pull answers', 'local store', 'local store answers', 'workflow task ends', 'provision begins', 'provision reports', 'suspend reports', 'timer'] as const;
export type Moment = (typeof MOMENTS)[number];

/** One thing that happens, `after` ms after the step before it. */
export type Step = { readonly after: number } & (
  | { readonly do: 'call'; readonly line: number; readonly asked: Asked; readonly probe: Probe; readonly api: number; readonly late: number; readonly lost: boolean }
  /** An earlier call comes again; `of` counts back from the newest. */
  | { readonly do: 'repeat'; readonly of: number; readonly how: 'same bytes' | 'same bytes twice at once' | 'new nonce' | 'other bytes' | 'forged'; readonly api: number; readonly late: number }
  | { readonly do: 'person'; readonly line: number; readonly does: ByHand }
  /** The sweeper tells of something: what it finds unheard, and, so that every life has something told, a word of its own. */
  | { readonly do: 'tell'; readonly line: number }
  | { readonly do: 'kill api'; readonly api: number; readonly point: 'now' | 'before-commit' | 'after-commit' | 'before-ring' | 'after-ring'; readonly for: number }
  /** `writesOn`: cut off from Temporal, but what it had sent to the database still arrives, so much later. */
  | { readonly do: 'kill worker'; readonly at: Moment; readonly writesOn: number | null; readonly for: number }
  | { readonly do: 'down'; readonly at: Moment; readonly what: 'temporal' | 'database'; readonly for: number }
  | { readonly do: 'lose answers'; readonly of: 'ring' | 'store'; readonly count: number }
);

/** How one attempt at the provisioner or the order query goes. Times in ms from its begin. */
export interface Round {
  readonly takes: number;
  readonly how: 'done' | 'fails' | 'fails, but it happened' | 'hangs' | 'refuses';
  /** When what hangs still happens; null: never. */
  readonly lands: number | null;
  readonly onAbort: 'stops' | 'has happened' | 'goes on';
  readonly onKill: 'nothing happens' | 'happens';
}

export interface Schedule {
  /** Of everything that is due at once; 0: first come, first served. */
  readonly order: number;
  readonly steps: readonly Step[];
  /** In the order in which attempts begin; beyond them everything works. */
  readonly rounds: readonly Round[];
  /** The same of changes alone, which come late in a life. */
  readonly changes: readonly Round[];
  /** End that the order query estimates, days from the start; null: none. */
  readonly estimate: number | null;
  /** Turns of the loop until a run continues as new; 0: never. */
  readonly continueAfter: number;
}

const soon = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 15 * SECOND }), fc.integer({ min: 0, max: 20 * MINUTE }));
const pause = fc.oneof({ weight: 6, arbitrary: soon }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 * DAY }) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 40 * DAY }) });
const outage = fc.oneof(fc.integer({ min: 1, max: 30 * SECOND }), fc.integer({ min: 1, max: 40 * MINUTE }), fc.integer({ min: 1, max: 12 * HOUR }));
const late = fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.integer({ min: 0, max: 20 * SECOND }) }, { weight: 1, arbitrary: fc.integer({ min: 50 * SECOND, max: 70 * SECOND }) });
const line = fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) });
const api = fc.integer({ min: 0, max: 1 });
const days = fc.integer({ min: -5, max: 60 });
const order = fc.integer({ min: 0, max: 2 });

const asked: fc.Arbitrary<Asked> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Asked>({ kind: 'create' }) },
  { weight: 5, arbitrary: fc.constantFrom<Asked>({ kind: 'freeze' }, { kind: 'unfreeze' }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('renew' as const), days, order, formal: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('shorten' as const), days, order }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('change' as const), order }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('renewChange' as const), days, order }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('release' as const), unsubscribed: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('query' as const), both: fc.boolean() }) },
);

const probe = fc.oneof({ weight: 9, arbitrary: fc.constant<Probe>('no') }, { weight: 1, arbitrary: fc.constantFrom<Probe>('flag', 'mock') });
const lost = fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
const call = fc.record({ do: fc.constant('call' as const), after: pause, line, asked, probe, api, late, lost });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: call },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('repeat' as const), after: soon, of: fc.nat({ max: 3 }), how: fc.constantFrom('same bytes', 'same bytes twice at once', 'new nonce', 'other bytes', 'forged'), api, late }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('kill api' as const), after: soon, api, point: fc.constantFrom('now', 'before-commit', 'after-commit', 'before-ring', 'after-ring'), for: outage }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('kill worker' as const), after: soon, at: fc.constantFrom(...MOMENTS), writesOn: fc.option(fc.integer({ min: 0, max: 30 * SECOND })), for: outage }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('down' as const), after: soon, at: fc.constantFrom(...MOMENTS), what: fc.constantFrom('temporal', 'database'), for: outage }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('person' as const), after: pause, line, does: fc.constantFrom(...BY_HAND) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('tell' as const), after: pause, line }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose answers' as const), after: soon, of: fc.constantFrom('ring', 'store'), count: fc.integer({ min: 1, max: 3 }) }) },
);

/** What chance alone would hardly bring together: a worker is cut off over a write that arrives after its successor's, which had more to say. */
const lateWrite: fc.Arbitrary<Step[]> = fc
  .tuple(fc.integer({ min: 9 * SECOND, max: 40 * SECOND }), fc.integer({ min: 1, max: 12 * SECOND }), fc.integer({ min: 0, max: 300 }), call, fc.integer({ min: 0, max: 12 * SECOND }))
  .map(([writesOn, away, after, then, meanwhile]): Step[] => [
    { do: 'kill worker', after, at: 'local store', writesOn, for: away },
    { ...then, line: 0, probe: 'no', late: 0, after: 0 },
    { do: 'repeat', after: meanwhile, of: 0, how: 'new nonce', api: 0, late: 0 },
  ]);
/** A call that fails for now, what mends that, and the same bytes again while they are fresh. */
const failsFirst: fc.Arbitrary<Step[]> = fc.tuple(fc.boolean(), call, api, fc.integer({ min: 1, max: 25 * SECOND })).map(([early, first, at, then]): Step[] => [
  early ? { do: 'lose answers', after: 0, of: 'ring', count: 1 } : { do: 'down', after: 0, at: 'now', what: 'database', for: then },
  { ...first, line: 1, probe: 'no', late: 0, lost: false },
  { do: 'call', after: 0, line: 1, asked: { kind: 'create' }, probe: 'no', api: at, late: 0, lost: false },
  { do: 'repeat', after: then + SECOND, of: 1, how: 'same bytes', api: at, late: 0 },
]);
/** A release and a person who keeps the data, in either order, around the removal. */
const kept: fc.Arbitrary<Step[]> = fc.tuple(fc.boolean(), soon, fc.constantFrom<ByHand>('unhold', 'cancelRelease', 'release'), pause).map(([first, between, then, later]): Step[] => {
  const hold: Step = { do: 'person', after: between, line: 0, does: 'hold' };
  const release: Step = { do: 'call', after: 10 * MINUTE, line: 0, asked: { kind: 'release', unsubscribed: true }, probe: 'no', api: 0, late: 0, lost: false };
  return [...(first ? [hold, release] : [release, hold]), { do: 'person', after: later, line: 0, does: then }];
});
/** A change asked for again and again, as the marketplace does until it hears the end. */
const polled: fc.Arbitrary<Step[]> = fc.tuple(order, fc.array(fc.integer({ min: 0, max: 3 * MINUTE }), { minLength: 1, maxLength: 3 }), api).map(([n, again, at]): Step[] => [
  { do: 'call', after: 3 * MINUTE, line: 0, asked: { kind: 'change', order: n }, probe: 'no', api: at, late: 0, lost: false },
  ...again.map((after): Step => ({ do: 'repeat', after, of: 0, how: 'new nonce', api: at, late: 0 })),
]);
/** A purchase that a person gives up before it stands, and what the marketplace says then. */
const givenUp: fc.Arbitrary<Step[]> = fc.tuple(fc.integer({ min: 0, max: 6 * MINUTE }), call, fc.integer({ min: 0, max: 30 * MINUTE })).map(([after, then, later]): Step[] => [
  { do: 'call', after: 0, line: 1, asked: { kind: 'create' }, probe: 'no', api: 0, late: 0, lost: false },
  { do: 'person', after, line: 1, does: 'abandon' },
  { ...then, line: 1, after: later },
  { do: 'call', after: 0, line: 1, asked: { kind: 'create' }, probe: 'no', api: 0, late: 0, lost: false },
]);
/** A person freezes, something is called, and the person takes it back. */
const thawed: fc.Arbitrary<Step[]> = fc.tuple(call, soon, pause).map(([then, between, later]): Step[] => [
  { do: 'person', after: 5 * MINUTE, line: 0, does: 'freeze' },
  { ...then, after: between },
  { do: 'person', after: later, line: 0, does: 'unfreeze' },
]);
const scene: fc.Arbitrary<readonly Step[]> = fc.oneof({ withCrossShrink: true }, { weight: 30, arbitrary: step.map((one) => [one]) }, { weight: 1, arbitrary: lateWrite }, { weight: 1, arbitrary: failsFirst }, { weight: 1, arbitrary: kept }, { weight: 2, arbitrary: polled }, { weight: 1, arbitrary: givenUp }, { weight: 1, arbitrary: thawed });

const round: fc.Arbitrary<Round> = fc.record({
  takes: fc.oneof(fc.constant(1_000), fc.integer({ min: 0, max: 90 * SECOND })),
  how: fc.oneof({ weight: 3, arbitrary: fc.constant('done' as const) }, { weight: 4, arbitrary: fc.constantFrom('fails', 'fails, but it happened', 'hangs', 'hangs') }, { weight: 1, arbitrary: fc.constant('refuses' as const) }),
  lands: fc.option(fc.integer({ min: 0, max: 20 * MINUTE })),
  onAbort: fc.constantFrom('stops', 'has happened', 'goes on'),
  onKill: fc.constantFrom('nothing happens', 'happens'),
});

/** Most schedules begin with the purchase, as lives do. */
const steps = fc.tuple(fc.boolean(), fc.array(scene, { maxLength: 9 })).map(([bought, scenes]): Step[] => {
  const others = scenes.flat();
  const purchase: Step = { do: 'call', after: 0, line: 0, asked: { kind: 'create' }, probe: 'no', api: 0, late: 0, lost: false };
  return bought ? [purchase, ...others] : others;
});

export const schedules: fc.Arbitrary<Schedule> = fc.record({
  order: fc.nat(),
  steps,
  rounds: fc.array(round, { maxLength: 6 }),
  changes: fc.array(round, { maxLength: 3 }),
  estimate: fc.constantFrom(null, 10, 400),
  continueAfter: fc.constantFrom(0, 2, 3, 5),
});
