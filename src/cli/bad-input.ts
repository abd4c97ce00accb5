import { CommandError } from './command-error.ts';
import { EXIT } from './exit-code.ts';

type Coded = abstract new (...args: never) => Error & { readonly code: string };

/** Runs `work`; an error of these classes is the person's input, which ends the command with exit code 2. */
export function asBadInput<T>(classes: readonly Coded[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (classes.some((one) => error instanceof one)) {
      const { code, message } = error as Error & { readonly code: string };
      throw new CommandError(code, message, EXIT.badInput);
    }
    throw error;
  }
}
