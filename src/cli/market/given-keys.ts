import { readVariable, type Environment } from '../../config/variables.ts';
import type { MarketKeys } from '../../simulator/keys.ts';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-code.ts';

/** Keys that the seller has already, from the environment, go before those of the folder. Of two base keys the first signs. */
export function givenKeys(env: Environment, cwd: string): Partial<MarketKeys> {
  const found: Record<string, string> = {};
  for (const [key, name] of [['base', 'KOOGALLERY_BASE_KEY'], ['ak', 'KOOGALLERY_AK'], ['sk', 'KOOGALLERY_SK']] as const) {
    const variable = readVariable(env, name, true, cwd);
    if (variable.is === 'problem') throw new CommandError('BAD_KEY', `${variable.problem.variable} ${variable.problem.cause}. ${variable.problem.mend}`, EXIT.badInput);
    if (variable.is === 'found') found[key] = key === 'base' ? (variable.text.split(',')[0]?.trim() ?? '') : variable.text;
  }
  return found;
}
