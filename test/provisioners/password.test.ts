import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newPassword } from '../../src/provisioners/password.ts';

describe('newPassword', () => {
  it('is twenty characters that cannot be confused with one another', () => {
    for (let n = 0; n < 500; n += 1) expect(newPassword(randomBytes)).toMatch(/^[abcdefghijkmnpqrstuvwxyz23456789]{20}$/);
  });

  it('takes each of the 32 characters equally often from the 256 values of a byte', () => {
    const counts = new Map<string, number>();
    for (let byte = 0; byte < 256; byte += 1) {
      const character = newPassword((size) => new Uint8Array(size).fill(byte)).charAt(0);
      counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    expect([...counts.values()]).toEqual(Array.from({ length: 32 }, () => 8));
  });
});
