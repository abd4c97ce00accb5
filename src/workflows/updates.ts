import { ApplicationFailure, defineUpdate, proxyLocalActivities, setHandler } from '@temporalio/workflow';
import type { LifeActivities } from '../activities/index.ts';
import type { Instruction } from '../lifecycle/command.ts';
import { HAND, isPersonKind, whyNot, type PersonKind } from '../lifecycle/hand.ts';
import type { LifeState } from '../lifecycle/state.ts';
import type { oneAtATime } from './one-at-a-time.ts';

/** Only `abandon` takes anything: the result code 000100–000107 that the marketplace is told, and why in plain words. */
export interface PersonInput {
  readonly code?: string;
  readonly message?: string;
}

/** What the person is told; `admitted` commands are carried out by the loop and listed with their outcome. */
export interface PersonAnswer {
  readonly verdict: 'admitted' | 'done' | 'no';
  readonly message: string;
}

const { append } = proxyLocalActivities<Pick<LifeActivities, 'append'>>({
  startToCloseTimeout: '5 seconds',
  scheduleToCloseTimeout: '6 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '1 second', maximumAttempts: 4 },
});

/** A person's hand in the Temporal UI: each update appends to the mailbox like the CLI does, and rings; it changes nothing by itself. */
export function handleUpdates(instanceId: string, alone: ReturnType<typeof oneAtATime>, shown: () => LifeState, ring: () => void): void {
  for (const kind of Object.keys(HAND).filter((name): name is PersonKind => isPersonKind(name as PersonKind))) {
    setHandler(
      defineUpdate<PersonAnswer, [PersonInput]>(kind),
      async (input: PersonInput = {}): Promise<PersonAnswer> => {
        const posted = await alone(() => append({ instanceId, instruction: personInstruction(kind, input) }));
        ring();
        switch (posted.verdict) {
          case 'admitted':
            return { verdict: 'admitted', message: `command ${posted.seq}: ${HAND[kind].does}` };
          case 'done':
            return { verdict: 'done', message: 'it was so already' };
          case 'no':
            return { verdict: 'no', message: posted.message };
        }
      },
      {
        description: HAND[kind].does,
        validator: (_input: PersonInput) => {
          const reason = whyNot(shown(), kind);
          if (reason !== null) throw ApplicationFailure.nonRetryable(reason, 'not-now');
        },
      },
    );
  }
}

function personInstruction(kind: PersonKind, { code = '000104', message = 'given up by the seller' }: PersonInput): Instruction {
  if (kind === 'abandon') return { kind, code: /^00010[0-7]$/.test(code) ? code : '000104', message: message.slice(0, 200) };
  return kind === 'release' ? { kind, unsubscribed: false } : { kind };
}
