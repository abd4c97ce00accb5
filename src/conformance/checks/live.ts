import type { Check } from '../check.ts';

/** What creates instances. */
export const LIVE: readonly Check[] = [];
