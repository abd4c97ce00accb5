import { SameKey } from './errors.ts';

/** For how long after a rotation a call may still be signed with the key before it. No page says; a seller who is told to take both should take both for longer. */
export const OLD_KEY_FOR = 10 * 60_000;

/** The access key that signs the calls, and for a while the one before it. */
export interface KeyRing {
  current(): string;
  /** Null when nothing was rotated, or long ago. */
  previous(): string | null;
  /** Those that a push of the seller may be signed with. */
  accepted(): readonly string[];
  /** Throws SameKey. */
  rotate(next: string): void;
}

/** Like the stamps, the while stays real in a faster life: it is the person at the seller's who needs it. */
export function createKeyRing(first: string, now: () => number): KeyRing {
  let key = first;
  let before: { readonly key: string; readonly until: number } | null = null;
  const previous = (): string | null => (before !== null && now() < before.until ? before.key : null);
  return {
    current: () => key,
    previous,
    accepted: () => [key, previous()].filter((each) => each !== null),
    rotate(next) {
      if (next === key) throw new SameKey();
      before = { key, until: now() + OLD_KEY_FOR };
      key = next;
    },
  };
}
