import { DISORDERS, type Disorder, type Disturbance } from '../../simulator/disorder.ts';
import { invalid, type ValueFlag } from '../command.ts';

const NAMES = Object.keys(DISORDERS) as Disorder[];

export const chancesFlag: ValueFlag<Disturbance['chances'] | null> = {
  value: 'name=chance,…',
  summary: `trouble on purpose with the calls: ${NAMES.join(', ')}; each with its chance from 0 to 1`,
  fallback: null,
  fallbackText: 'none',
  parse: (text) => readChances(text.split(',')),
};

export const seedFlag: ValueFlag<number> = {
  value: 'n',
  summary: 'the same seed brings the same trouble',
  fallback: 1,
  parse: (text) => {
    const seed = Number(text);
    if (!Number.isSafeInteger(seed)) throw invalid('give a whole number');
    return seed;
  },
};

/** `duplicate=0.2`; a name alone happens always. */
export function readChances(texts: readonly string[]): Disturbance['chances'] {
  return Object.fromEntries(
    texts.map((text) => {
      const [name = '', value = '1'] = text.split('=');
      const chance = Number(value);
      if (!NAMES.includes(name as Disorder)) throw invalid(`there is no trouble ${name}; there are ${NAMES.join(', ')}`);
      if (!(chance >= 0 && chance <= 1)) throw invalid(`give ${name} a chance from 0 to 1`);
      return [name, chance];
    }),
  );
}
