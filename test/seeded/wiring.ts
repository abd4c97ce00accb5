import type { Answer } from '../../src/api/door.ts';
import type { Command } from '../../src/lifecycle/command.ts';
import type { Rules } from '../../src/lifecycle/rules.ts';
import type { LifeState } from '../../src/lifecycle/state.ts';
import type { RawCall } from '../../src/marketplace/envelopes/envelope.ts';
import type { Bench } from './bench.ts';
import type { Attempt, TenantStatus } from './tenants.ts';

/** Where the deliberate faults (`faults.ts`) are let in. The right wiring leaves all of them out. */
export interface Wiring {
  /** Around the door. */
  readonly door?: (call: RawCall, answer: (call: RawCall) => Promise<Answer>, bench: Bench, now: number) => Promise<Answer>;
  /** `live`: the door knows no probes. */
  readonly probes?: 'live';
  /** What the workflow gets for a reading of its mailbox. */
  readonly pulled?: (commands: Command[]) => Command[];
  /** Before a state is stored. */
  readonly storing?: (state: LifeState, bench: Bench) => Promise<void>;
  /** The clocks that the configuration says. */
  readonly rules?: (rules: Rules) => Rules;
  /** Whether the dispatchers sweep. */
  readonly sweeps?: boolean;
  /** Whether a ring reaches the server. */
  readonly rings?: () => boolean;
  /** In place of what the provisioner does. */
  readonly tenant?: (attempt: Attempt, status: TenantStatus) => 'as it should' | 'says done' | 'builds another';
  /** Timers that a killed worker had set are counted anew when it is back. */
  readonly timers?: 'from the restart';
}
