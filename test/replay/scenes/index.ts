import { changes } from './changes.ts';
import { clocks } from './clocks.ts';
import { example } from './example.ts';
import { hand } from './hand.ts';
import { lineage } from './lineage.ts';
import { others } from './others.ts';
import type { Scene } from './stage.ts';
import { trouble } from './trouble.ts';

/** One row per path of life: its name is the name of its history. */
export const SCENES: Readonly<Record<string, Scene>> = { ...clocks, ...changes, ...trouble, ...hand, ...lineage, ...others, ...example };
