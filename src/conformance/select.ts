import { groupOf, type Check } from './check.ts';

export interface Selection {
  readonly wanted: (check: Pick<Check, 'id'>) => boolean;
  /** Names that are neither a check's id nor a group. */
  readonly unknown: readonly string[];
}

/** By ids and groups. An empty `only` means all; `skip` wins. */
export function select(checks: readonly Pick<Check, 'id'>[], only: readonly string[], skip: readonly string[]): Selection {
  const known = new Set(namesOf(checks));
  const named = (check: Pick<Check, 'id'>, names: readonly string[]): boolean => names.includes(check.id) || names.includes(groupOf(check));
  return {
    wanted: (check) => (only.length === 0 || named(check, only)) && !named(check, skip),
    unknown: [...only, ...skip].filter((name) => !known.has(name)),
  };
}

/** Every id and every group. */
export function namesOf(checks: readonly Pick<Check, 'id'>[]): readonly string[] {
  return [...new Set(checks.map(groupOf)), ...checks.map(({ id }) => id)];
}
