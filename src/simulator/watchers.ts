/** Those who want to know that something has changed, whatever it was. */
export interface Watchers {
  /** Returns what ends the watch. */
  add(changed: () => void): () => void;
  tell(): void;
}

export function createWatchers(): Watchers {
  const watching = new Set<() => void>();
  return {
    add(changed) {
      // A function of its own each time: the same listener may watch twice.
      const each = (): void => changed();
      watching.add(each);
      return () => void watching.delete(each);
    },
    tell() {
      for (const changed of watching) changed();
    },
  };
}
