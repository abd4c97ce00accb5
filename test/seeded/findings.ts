import type { Invariant } from './ledger.ts';
import type { Schedule } from './schedule.ts';

/** A schedule that broke an invariant of the product, shrunk. */
export interface Finding {
  readonly name: string;
  readonly breaks: Invariant;
  readonly schedule: Schedule;
}

/**
 * Mended ones belong into `mended`: they are played for ever, and must hold.
 */
export const FINDINGS: { readonly open: readonly Finding[]; readonly mended: readonly Finding[] } = {
  open: [],
  mended: [
    {
      // `next` did nothing once there was a refusal, so `cutOffUntil` was never looked at again: the order had failed, and the buyer had an open tenant.
      name: 'an attempt that was cut off lands after a later round was refused for good, and nobody looks',
      breaks: 3,
      schedule: {
        order: 0,
        estimate: null,
        continueAfter: 0,
        changes: [],
        rounds: [
          { takes: 1_000, how: 'done', lands: null, onAbort: 'stops', onKill: 'nothing happens' },
          { takes: 1_000, how: 'hangs', lands: 270_500, onAbort: 'goes on', onKill: 'nothing happens' },
          { takes: 0, how: 'refuses', lands: null, onAbort: 'stops', onKill: 'nothing happens' },
        ],
        steps: [{ do: 'call', after: 0, line: 0, asked: { kind: 'create' }, probe: 'no', api: 0, late: 0, lost: false }],
      },
    },
    {
      // `storeState` took an equal version of the same run when it had taken as many commands, whatever else it knows: an attempt that was
      // given up landed after its task's second attempt, and took back that the tenant is built. Nothing stored again until the next change.
      name: 'a write of a workflow task that was given up lands after the second attempt, which knew more',
      breaks: 2,
      schedule: {
        order: 0,
        estimate: null,
        continueAfter: 0,
        changes: [],
        rounds: [
          { takes: 100, how: 'done', lands: null, onAbort: 'stops', onKill: 'nothing happens' },
          { takes: 30_000, how: 'done', lands: null, onAbort: 'stops', onKill: 'nothing happens' },
        ],
        steps: [
          { do: 'call', after: 0, line: 0, asked: { kind: 'create' }, probe: 'no', api: 0, late: 0, lost: false },
          { do: 'call', after: 30_112, line: 0, asked: { kind: 'renew', days: 30, order: 0, formal: false }, probe: 'no', api: 0, late: 0, lost: false },
          { do: 'kill worker', after: 0, at: 'local store', writesOn: 15_000, for: 1_000 },
        ],
      },
    },
    {
      // `settle` knew no end of a release but the end of access: the command stayed open for as long as the instance lived, and nobody was told.
      name: 'a release that a person takes back before access has ended stays open for ever',
      breaks: 8,
      schedule: {
        order: 0,
        estimate: null,
        continueAfter: 0,
        rounds: [],
        changes: [],
        steps: [
          { do: 'call', after: 0, line: 0, asked: { kind: 'create' }, probe: 'no', api: 0, late: 0, lost: false },
          { do: 'kill worker', after: 600_000, at: 'now', writesOn: null, for: 60_000 },
          { do: 'call', after: 0, line: 0, asked: { kind: 'release', unsubscribed: true }, probe: 'no', api: 0, late: 0, lost: false },
          { do: 'person', after: 1_000, line: 0, does: 'cancelRelease' },
        ],
      },
    },
    {
      // Nothing looked for what an attempt had built that failed or was cancelled: the buyer was refunded, and kept an open tenant.
      name: 'a purchase is given up by a person while an attempt to build is under way, which happens all the same',
      breaks: 3,
      schedule: {
        order: 0,
        estimate: null,
        continueAfter: 0,
        rounds: [
          { takes: 1_000, how: 'done', lands: null, onAbort: 'stops', onKill: 'nothing happens' },
          { takes: 1_000, how: 'hangs', lands: null, onAbort: 'has happened', onKill: 'nothing happens' },
        ],
        changes: [],
        steps: [
          { do: 'call', after: 0, line: 0, asked: { kind: 'create' }, probe: 'no', api: 0, late: 0, lost: false },
          { do: 'person', after: 1_100, line: 0, does: 'abandon' },
        ],
      },
    },
    {
      // A hold put off the second look of a removal as well, so that what landed late stood open: released, not removed, and nobody was told.
      name: 'a purchase is released while it is built, and held; what was cut off lands after the removal',
      breaks: 3,
      schedule: {
        order: 0,
        estimate: null,
        continueAfter: 0,
        rounds: [
          { takes: 1_000, how: 'done', lands: null, onAbort: 'stops', onKill: 'nothing happens' },
          { takes: 0, how: 'hangs', lands: 700_000, onAbort: 'goes on', onKill: 'nothing happens' },
        ],
        changes: [],
        steps: [
          { do: 'call', after: 0, line: 0, asked: { kind: 'create' }, probe: 'no', api: 0, late: 0, lost: false },
          { do: 'call', after: 30_000, line: 0, asked: { kind: 'release', unsubscribed: true }, probe: 'no', api: 0, late: 0, lost: false },
          { do: 'person', after: 0, line: 0, does: 'hold' },
        ],
      },
    },
  ],
};
