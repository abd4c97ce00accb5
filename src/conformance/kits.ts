import type { Check } from './check.ts';
import { AUTH } from './checks/auth.ts';
import { BODIES } from './checks/bodies.ts';
import { ENVELOPE } from './checks/envelope.ts';
import { IDEMPOTENCY } from './checks/idempotency.ts';
import { LIVE } from './checks/live.ts';
import { MEMBERS } from './checks/members.ts';
import { LATENCY, PROBES } from './checks/probes.ts';
import { QUERY } from './checks/query.ts';

/** The tree of checks of each kit, in the order of the report. A check that builds on another stands after it. */
export const KITS = {
  'saas-v2': [...AUTH, ...PROBES, ...BODIES, ...MEMBERS, ...ENVELOPE, ...QUERY, ...IDEMPOTENCY, ...LATENCY, ...LIVE],
} as const satisfies Readonly<Record<string, readonly Check[]>>;

export type Kit = keyof typeof KITS;
export const KIT_NAMES = Object.keys(KITS) as readonly Kit[];
