import { createHash } from 'node:crypto';
import { WayFailed } from './cli-not-found.ts';

/** Throws WayFailed unless the bytes have the pinned SHA-256 (hexadecimal). */
export const requireSha256 = (what: string, bytes: Uint8Array, pinned: string): void => {
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== pinned) throw new WayFailed(`${what} is refused: its SHA-256 is ${actual}, pinned is ${pinned}`);
};
