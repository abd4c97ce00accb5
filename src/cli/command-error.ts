import { EXIT, type ExitCode } from './exit-code.ts';

/**
 * A command's own end with a message and an exit code: `badInput` for an argument that cannot be meant, `incomplete` when the other
 * side could not be reached, `failed` for the rest. Its message is shown to the person as it is, so it holds no secret.
 */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: string;
  readonly exitCode: ExitCode;
  constructor(code: string, message: string, exitCode: ExitCode = EXIT.failed) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
  }
}
