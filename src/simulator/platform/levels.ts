import type { ChargingMode } from '../entities.ts';

export const LEVELS = ['V0', 'V1', 'V2', 'V3', 'V4', 'V5'] as const;
export type CustomerLevel = (typeof LEVELS)[number];

/** Days after the end: still usable, then frozen. */
export interface Patience {
  readonly grace: number;
  readonly retention: number;
}

/** saas.md 6.7.2. https://www.huaweicloud.com/guide/productsdesc-bms_20f19d5b0b949696f025d9269fa0ded5support1 */
export const PATIENCE: { readonly [L in CustomerLevel]: { readonly period: Patience; readonly onDemand: Patience } } = {
  V0: { period: { grace: 1, retention: 1 }, onDemand: { grace: 0, retention: 1 } },
  V1: { period: { grace: 1, retention: 7 }, onDemand: { grace: 0, retention: 7 } },
  V2: { period: { grace: 1, retention: 7 }, onDemand: { grace: 0, retention: 7 } },
  V3: { period: { grace: 7, retention: 7 }, onDemand: { grace: 1, retention: 7 } },
  V4: { period: { grace: 7, retention: 15 }, onDemand: { grace: 7, retention: 15 } },
  V5: { period: { grace: 7, retention: 15 }, onDemand: { grace: 7, retention: 15 } },
};

const DAY = 86_400_000;

/** The same in milliseconds, for what was bought. */
export function patienceOf(level: CustomerLevel, chargingMode: ChargingMode): Patience {
  const { grace, retention } = PATIENCE[level][chargingMode.startsWith('ON_DEMAND') ? 'onDemand' : 'period'];
  return { grace: grace * DAY, retention: retention * DAY };
}
