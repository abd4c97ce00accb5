import { append } from './append.ts';
import { change } from './change.ts';
import { check } from './check.ts';
import { compare } from './compare.ts';
import type { ActivityDeps } from './deps.ts';
import { notify } from './notify.ts';
import { order } from './order.ts';
import { provision } from './provision.ts';
import { pull } from './pull.ts';
import { readMeters } from './read-meters.ts';
import { remove } from './remove.ts';
import { resume } from './resume.ts';
import { store } from './store.ts';
import { suspend } from './suspend.ts';

/** Activities of the task queue `life`: they must never wait behind a hung provisioner's builds. */
export function createLifeActivities(deps: ActivityDeps) {
  return { pull: pull(deps), store: store(deps), order: order(deps), suspend: suspend(deps), remove: remove(deps), notify: notify(deps), append: append(deps), check: check(deps), compare: compare(deps) };
}

/** Activities of the task queue `provision`. */
export function createProvisionActivities(deps: ActivityDeps) {
  return { provision: provision(deps), resume: resume(deps), change: change(deps), readMeters: readMeters(deps) };
}

export type LifeActivities = ReturnType<typeof createLifeActivities>;
export type ProvisionActivities = ReturnType<typeof createProvisionActivities>;
