import type { Effect, EffectResult } from '../../src/lifecycle/effect.ts';
import { PROVISION_LIMIT } from '../../src/lifecycle/rules.ts';
import { ProvisionRefused, TenantMissing } from '../../src/provisioners/provisioner.ts';
import type { Asking } from './life-run.ts';
import type { Power } from './power.ts';
import { MINUTE, SECOND } from './schedule.ts';
import type { Scheduler } from './scheduler.ts';

export type Work = { readonly effect: Effect } | { readonly asking: Asking };

export interface Attempting {
  readonly signal: AbortSignal;
  readonly killed: AbortSignal;
  readonly mayLandUntil: number;
}

/** One scheduled activity at the server. */
export interface Activity {
  cancel(): void;
}

interface Options {
  readonly startToClose: number;
  readonly scheduleToClose: number;
  readonly attempts: number;
  readonly backOff: { readonly first: number; readonly limit: number };
  readonly retriesTimeOut: boolean;
  readonly beats: boolean;
}

const EFFECT = { attempts: 3, backOff: { first: SECOND, limit: 10 * SECOND }, retriesTimeOut: false, beats: true };
const LIFE: Options = { ...EFFECT, startToClose: MINUTE, scheduleToClose: 5 * MINUTE };
const PROVISIONING: Options = { ...EFFECT, startToClose: 4 * MINUTE, scheduleToClose: PROVISION_LIMIT };
const PATIENT: Options = { startToClose: 10 * SECOND, scheduleToClose: Infinity, attempts: Infinity, backOff: { first: 5 * SECOND, limit: MINUTE }, retriesTimeOut: true, beats: false };
const HEARTBEAT = 5 * SECOND;
const HEARTBEAT_LIMIT = 15 * SECOND;

function optionsOf(work: Work): Options {
  if ('asking' in work) return PATIENT;
  return work.effect.kind === 'provision' || work.effect.kind === 'resume' ? PROVISIONING : LIFE;
}

const TIMED_OUT: EffectResult = { end: 'failed', code: 'timed-out', message: 'the attempt was cut off at its time limit', cutOff: true };

/**
 * The server's part of an activity: attempts, back-off, time limits, heartbeats, cancellation; the numbers are those of
 * `src/workflows/effects.ts`, told again. A dead worker is noticed by the missing heartbeat; what its attempt had sent to a provisioner may
 * happen at its death, but not after the next attempt has begun (that is the product's own assumption, stated there).
 * `resolve` gets an EffectResult, or what the database answered.
 */
export function startActivity(scheduler: Scheduler, power: Power, work: Work, perform: (attempting: Attempting) => Promise<unknown>, resolve: (value: unknown) => void): Activity {
  const options = optionsOf(work);
  const name = 'effect' in work ? work.effect.kind : work.asking.ask;
  const deadline = scheduler.now() + options.scheduleToClose;
  let attempt = 0;
  let running: AbortController | null = null;
  let waiting = false;
  let cancelRequested = false;
  let over = false;

  const end = (value: unknown): void => {
    if (over) return;
    over = true;
    // What is cut off hears of it at its next heartbeat, when the server no longer knows it.
    const zombie = running;
    running = null;
    if (zombie) scheduler.after(HEARTBEAT, `${name} hears that it was cut off`, () => zombie.abort());
    resolve(value);
  };

  const again = (failure: EffectResult): void => {
    const wait = Math.min(options.backOff.first * 2 ** Math.min(attempt - 1, 10), options.backOff.limit);
    if (cancelRequested || attempt >= options.attempts || scheduler.now() + wait > deadline) {
      end(failure);
      return;
    }
    running = null;
    power.serverAt(scheduler.now() + wait, `${name} again`, begin);
  };

  const begin = (): void => {
    if (over) return;
    const worker = power.worker;
    if (!worker || !power.temporal.up) {
      waiting = true;
      return;
    }
    waiting = false;
    attempt += 1;
    const mine = attempt;
    const abort = new AbortController();
    running = abort;
    const isMine = (): boolean => !over && running === abort && attempt === mine;
    // A provisioning is bounded as a whole; what else was cut off, by as long again after its end.
    const mayLandUntil = 'effect' in work && work.effect.kind === 'provision' ? deadline : scheduler.now() + options.startToClose + PROVISION_LIMIT;
    const report = (what: () => void): void => {
      if (worker.aborted) return;
      power.serverAt(scheduler.now() + scheduler.latency(), `${name} reports`, () => {
        if (isMine() && !worker.aborted) what();
      });
    };
    perform({ signal: abort.signal, killed: worker, mayLandUntil }).then(
      (value) => report(() => end(value)),
      (error: unknown) => report(() => (abort.signal.aborted ? end({ end: 'cancelled' } satisfies EffectResult) : failed(error))),
    );
    power.serverAt(scheduler.now() + options.startToClose, `${name} is at its limit`, () => {
      if (!isMine()) return;
      if (options.retriesTimeOut) again(TIMED_OUT);
      else end(TIMED_OUT);
    });
    if (options.beats) {
      worker.addEventListener('abort', () => {
        power.serverAt(scheduler.now() + HEARTBEAT_LIMIT, `${name} is missed`, () => {
          if (isMine()) again(TIMED_OUT);
        });
      });
    }
  };

  const failed = (error: unknown): void => {
    if (error instanceof ProvisionRefused) end({ end: 'refused', code: error.code, message: error.message } satisfies EffectResult);
    else if (error instanceof TenantMissing) end({ end: 'failed', code: 'tenant-missing', message: error.message, cutOff: false } satisfies EffectResult);
    else again({ end: 'failed', code: 'ECONNRESET', message: String(error), cutOff: false });
  };

  power.onChange(() => {
    if (waiting && !over && power.worker && power.temporal.up) {
      waiting = false;
      power.serverAt(scheduler.now(), `${name} is polled for`, begin);
    }
  });
  if (Number.isFinite(deadline)) power.serverAt(deadline, `${name} is at the limit of its round`, () => end(TIMED_OUT));
  power.serverAt(scheduler.now() + scheduler.latency(), `${name} begins`, begin);

  return {
    cancel() {
      cancelRequested = true;
      if (over) return;
      if (!running) {
        end({ end: 'cancelled' } satisfies EffectResult);
        return;
      }
      const abort = running;
      scheduler.after(HEARTBEAT, `${name} hears of its cancellation`, () => abort.abort());
    },
  };
}
