import { WorkflowIdReusePolicy, type Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Plan } from '../lifecycle/plan.ts';
import type { checkChange } from '../workflows/check-change.ts';

/** Would this instance's tenant take that plan without losing data or service? */
export interface Question {
  readonly instanceId: string;
  readonly from: Plan;
  readonly plan: Plan;
}

export type Reply = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

/** Asks a provisioner while the marketplace waits. Null: no answer in time, for whatever reason. Nothing is repeated. */
export interface Questions {
  ask(question: Question, id: string, limit: number): Promise<Reply | null>;
}

/** Each question is a short workflow of its own, so that it is seen in the Temporal UI and needs no way to a worker but Temporal's. */
export function temporalQuestions(client: Client, taskQueue: string, log: Logger): Questions {
  return {
    async ask(question, id, limit) {
      try {
        return await client.withDeadline(Date.now() + limit, () =>
          client.workflow.execute<typeof checkChange>('checkChange', {
            workflowId: `check/${id}`,
            taskQueue,
            args: [question],
            workflowExecutionTimeout: limit,
            workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
            staticSummary: `May instance ${question.instanceId} become ${question.plan.skuCode}?`,
          }),
        );
      } catch (error) {
        log.warn({ instanceId: question.instanceId, error: String(error) }, 'a question whether a change would go through was not answered in time');
        return null;
      }
    },
  };
}
