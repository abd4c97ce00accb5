import { createHash } from 'node:crypto';

/** What is drawn for the nth call of a kind: by the seed and these two alone, so that nothing in between changes it. */
export interface Lots {
  /** From 0 up to 1. Drawn apart for every name, so that one more trouble in the list moves no other. `ago`: of the call of this kind so many before; 1 before the first, so that no chance strikes it. */
  draw(name: string, ago?: number): number;
}

export function lotsOf(seed: number, kind: string, nth: number): Lots {
  return {
    draw(name, ago = 0) {
      if (ago >= nth) return 1;
      const digest = createHash('sha256').update(`${seed} ${name} ${kind} ${nth - ago}`).digest();
      return digest.readUInt32BE(0) / 2 ** 32;
    },
  };
}
