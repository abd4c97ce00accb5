/** One rule, on how many things it was looked at, and where it does not hold. */
export interface Finding {
  readonly rule: string;
  readonly checked: number;
  readonly broken: readonly string[];
}

/** Looks at each thing by its name; null: the rule holds. */
export function look<T>(rule: string, things: Iterable<T>, nameOf: (thing: T) => string, wrong: (thing: T) => string | null): Finding {
  let checked = 0;
  const broken: string[] = [];
  for (const thing of things) {
    checked += 1;
    const reason = wrong(thing);
    if (reason !== null) broken.push(`${nameOf(thing)}: ${reason}`);
  }
  return { rule, checked, broken };
}

/** The same for what takes time to look at. */
export async function lookAt<T>(rule: string, things: Iterable<T>, nameOf: (thing: T) => string, wrong: (thing: T) => Promise<string | null>): Promise<Finding> {
  const reasons = new Map<T, string | null>();
  for (const thing of things) reasons.set(thing, await wrong(thing));
  return look(rule, reasons.keys(), nameOf, (thing) => reasons.get(thing) ?? null);
}
