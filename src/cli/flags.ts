import { invalid, type ValueFlag } from './command.ts';

export const limitFlag: ValueFlag<number> = {
  value: 'n',
  summary: 'at most so many rows, 1 to 1000',
  fallback: 20,
  parse: (text) => {
    const limit = Number(text);
    if (!Number.isInteger(limit) || limit < 1 || limit > 1000) throw invalid('give a whole number from 1 to 1000');
    return limit;
  },
};

/** A flag that takes one word of a list, and is not given by default. */
export function choiceFlag<const T extends string>(summary: string, choices: readonly T[]): ValueFlag<T | null> {
  return {
    value: choices.join('|'),
    summary,
    fallback: null,
    fallbackText: 'any',
    choices,
    parse: (text) => {
      const chosen = choices.find((choice) => choice === text);
      if (chosen === undefined) throw invalid(`give one of ${choices.join(', ')}`);
      return chosen;
    },
  };
}

export function textFlag(value: string, summary: string): ValueFlag<string | null> {
  return { value, summary, fallback: null, fallbackText: 'any', parse: (text) => text };
}

/** `2026-11-21 21:12:00`, UTC. */
export function stamp(at: number | null | undefined): string | null {
  return at === null || at === undefined ? null : new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}
