import { describe } from 'vitest';
import { playThousand } from './thousand.ts';

describe('whatever is called, repeated, delayed, reordered, lost or killed', () => {
  playThousand(1);
});
