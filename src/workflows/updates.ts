import { ApplicationFailure, CancellationScope, currentUpdateInfo, defineUpdate, proxyLocalActivities, setHandler } from '@temporalio/workflow';
import type { LifeActivities } from '../activities/index.ts';
import { HAND, isPersonKind, whyNot, type PersonKind } from '../lifecycle/hand.ts';
import { instructionOf, problemOf, type PersonInput } from '../lifecycle/person-input.ts';
import type { LifeState } from '../lifecycle/state.ts';
import type { oneAtATime } from './one-at-a-time.ts';

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
      defineUpdate<PersonAnswer, [PersonInput | null | undefined]>(kind),
      async (given) => {
        // The Temporal UI may send null for an input that was left empty.
        const input = given ?? {};
        const updateId = currentUpdateInfo()?.id ?? null;
        // Like the life itself, what a person says outlives the Cancel button.
        const posted = await CancellationScope.nonCancellable(() => alone(() => append({ instanceId, instruction: instructionOf(kind, input), updateId, withoutAccess: input.withoutAccess === true })));
        ring();
        switch (posted.verdict) {
          case 'admitted':
            return { verdict: 'admitted', message: `command ${posted.seq}: ${HAND[kind].does}` };
          case 'done':
            return { verdict: 'done', message: posted.carriedOut ? 'it was so already' : 'an earlier command asks for it and is not carried out yet' };
          case 'no':
            return { verdict: 'no', message: posted.message };
        }
      },
      {
        description: HAND[kind].does,
        // Whatever passes here must not throw in the handler: that would fail the workflow task again and again.
        validator: (input) => {
          const problem = problemOf(kind, input);
          if (problem !== null) throw ApplicationFailure.nonRetryable(problem, 'bad-input');
          const reason = whyNot(shown(), kind);
          if (reason !== null) throw ApplicationFailure.nonRetryable(reason, 'not-now');
        },
      },
    );
  }
}
