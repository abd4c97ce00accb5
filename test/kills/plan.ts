import fc from 'fast-check';

export const PARTS = ['api', 'worker', 'temporal'] as const;
export type PartName = (typeof PARTS)[number];

/** What the marketplace does to a line between its create and its release. */
export const STEPS = ['again', 'twice', 'poll', 'renew', 'freeze', 'unfreeze'] as const;

export interface Step {
  readonly kind: (typeof STEPS)[number];
  /** Pause before it, ms. */
  readonly after: number;
  /** Once accepted, the same bytes are sent once more. */
  readonly echo: boolean;
  /** The first repeat of a call without an answer has the same bytes; otherwise a new stamp and nonce. */
  readonly identical: boolean;
}

export interface LinePlan {
  /** When the customer pays, ms after the start. */
  readonly startAt: number;
  /** Waits for the access data, and keeps a note in the tenant, before the first step. What was frozen or released while creating ends the same way whatever came first. */
  readonly patient: boolean;
  /** `brief` is removed a second after its release, `kept` after days. */
  readonly sku: 'brief' | 'kept';
  /** Paid for an hour only, so that a freeze is that of the expiry and a renewal takes it back. */
  readonly ending: boolean;
  readonly steps: readonly Step[];
  readonly release: { readonly unsubscribed: boolean; readonly after: number; readonly identical: boolean } | null;
  /** Creates that come after the release: never built again. */
  readonly late: number;
}

export interface Kill {
  readonly at: number;
  readonly part: PartName;
  /** Until it is started again, ms. */
  readonly pause: number;
}

export interface Plan {
  readonly seed: number;
  readonly seconds: number;
  readonly lines: readonly LinePlan[];
  /** In the order of their instants. */
  readonly kills: readonly Kill[];
}

export interface PlanOptions {
  readonly seed: number;
  readonly lines: number;
  /** How long the load and the kills last. */
  readonly seconds: number;
  /** Between two kills on average. */
  readonly gap: number;
  /** The longest time that a killed process stays away, ms. */
  readonly pause: number;
}

/** The same options give the same plan. How the processes interleave is not in it: that is the machine's. */
export function makePlan({ seed, lines, seconds, gap, pause }: PlanOptions): Plan {
  const ms = seconds * 1000;
  const think = fc.integer({ min: 0, max: Math.floor(ms / 15) });
  const step: fc.Arbitrary<Step> = fc.record({ kind: fc.constantFrom(...STEPS), after: think, echo: oneIn(3), identical: fc.boolean() });
  const release = fc.record({ unsubscribed: fc.boolean(), after: think, identical: fc.boolean() });
  const line = fc
    .record({
      startAt: fc.integer({ min: 0, max: Math.floor(ms * 0.6) }),
      patient: fc.boolean(),
      sku: fc.constantFrom('brief' as const, 'kept' as const),
      ending: fc.boolean(),
      steps: fc.array(step, { minLength: 1, maxLength: 6, size: 'max' }),
      release: fc.option(release, { freq: 2 }),
      late: fc.integer({ min: 0, max: 2 }),
    })
    .map((drawn): LinePlan => {
      const late = drawn.release === null ? 0 : drawn.late;
      if (drawn.patient) return { ...drawn, late };
      return { ...drawn, late, sku: 'brief', ending: false, release: drawn.release && { ...drawn.release, unsubscribed: true } };
    });
  const count = Math.max(PARTS.length, Math.floor(seconds / gap));
  const shares = Array.from({ length: count }, (_, index) => PARTS[index % PARTS.length] ?? 'api');
  const kills = fc
    .record({
      order: fc.shuffledSubarray(shares, { minLength: count }),
      instants: fc.array(fc.integer({ min: Math.floor(ms * 0.05), max: Math.floor(ms) }), { minLength: count, maxLength: count }),
      pauses: fc.array(fc.integer({ min: 0, max: pause }), { minLength: count, maxLength: count }),
    })
    .map(({ order, instants, pauses }) => {
      const sorted = instants.toSorted((a, b) => a - b);
      return order.map((part, index): Kill => ({ part, at: sorted[index] ?? 0, pause: pauses[index] ?? 0 }));
    });
  const all = fc.record({ lines: fc.array(line, { minLength: lines, maxLength: lines }), kills });
  // Without its bias to the edges, which finds bugs in pure functions but would let everything happen at once here.
  const [drawn] = fc.sample(fc.noBias(all), { seed, numRuns: 1 });
  if (drawn === undefined) throw new Error('no plan was drawn');
  return { seed, seconds, ...drawn };
}

function oneIn(n: number): fc.Arbitrary<boolean> {
  return fc.integer({ min: 1, max: n }).map((drawn) => drawn === n);
}
