import { CommandError } from './command-error.ts';
import { EXIT } from './exit-code.ts';

/** For a listener's rejection: a port in use is told with the flag that names another; anything else is thrown on. */
export function portTaken(flag: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    throw new CommandError('PORT_UNUSABLE', `${error.message}: stop what listens there, or set ${flag} to another port`, EXIT.failed);
  };
}
