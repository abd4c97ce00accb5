import { ApplicationFailure } from '@temporalio/common';
import { ProvisionRefused, TenantMissing } from '../provisioners/provisioner.ts';

const MESSAGE_LIMIT = 300;

/**
 * Turns whatever an adapter threw into what may stand in a history: a type for the workflow to decide by, a short message, no cause and no foreign stack.
 * Adapters keep secrets out of their messages; the length limit is a second fence.
 */
export function failureOf(error: unknown): unknown {
  if (error instanceof ProvisionRefused) return permanent(`refused:${error.code}`, error.message);
  if (error instanceof TenantMissing) return permanent('tenant-missing', error.message);
  // Cancellation and our own failures pass as they are.
  if (!(error instanceof Error) || error instanceof ApplicationFailure || error.name === 'AbortError' || error.name === 'CancelledFailure') return error;
  return ApplicationFailure.create({ type: codeOf(error), message: error.message.slice(0, MESSAGE_LIMIT), nonRetryable: false });
}

/** A no that trying again soon would not change. */
export function permanent(type: string, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type, message: message.slice(0, MESSAGE_LIMIT), nonRetryable: true });
}

function codeOf(error: Error): string {
  const code: unknown = 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : error.name;
}
