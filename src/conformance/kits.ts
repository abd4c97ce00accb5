import type { Check } from './check.ts';
import { ANSWERS } from './checks/answers.ts';
import { AUTH } from './checks/auth.ts';
import { BODIES } from './checks/bodies.ts';
import { CREATE, READY } from './checks/create.ts';
import { ENVELOPE } from './checks/envelope.ts';
import { IDEMPOTENCY } from './checks/idempotency.ts';
import { LIFE, TRIAL } from './checks/life.ts';
import { MEMBERS } from './checks/members.ts';
import { FAILING, QUESTIONS } from './checks/orders.ts';
import { LATENCY, PROBES } from './checks/probes.ts';
import { QUERY } from './checks/query.ts';
import { RELEASED } from './checks/released.ts';

const PROBED: readonly Check[] = [...AUTH, ...PROBES, ...BODIES, ...MEMBERS, ...ENVELOPE, ...QUERY, ...IDEMPOTENCY, ...LATENCY];
const LIVED: readonly Check[] = [...CREATE, ...QUESTIONS, ...READY, ...FAILING, ...LIFE, ...TRIAL, ...RELEASED, ...ANSWERS];

/** The tree of checks of each kit, in the order of the report. A check that builds on another stands after it. */
export const KITS = {
  'saas-v2': [...PROBED, ...LIVED],
} as const satisfies Readonly<Record<string, readonly Check[]>>;

export type Kit = keyof typeof KITS;
export const KIT_NAMES = Object.keys(KITS) as readonly Kit[];
