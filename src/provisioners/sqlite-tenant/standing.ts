import type { DatabaseSync } from 'node:sqlite';
import { notesWritten } from './notes.ts';
import { isMetered, readPlan } from './tenant-plan.ts';
import { countUsers } from './users.ts';

/** What a subscription holds and how much of it is in use, for its users to see. */
export interface Standing {
  readonly skuCode: string;
  readonly trial: boolean;
  readonly users: number;
  /** null: as many as it likes. */
  readonly mostUsers: number | null;
  /** What is paid for by use; null where nothing is. */
  readonly notesWritten: number | null;
}

export function readStanding(db: DatabaseSync): Standing {
  const plan = readPlan(db);
  return { skuCode: plan.skuCode, trial: plan.trial, users: countUsers(db), mostUsers: plan.users, notesWritten: isMetered(plan) ? notesWritten(db) : null };
}
