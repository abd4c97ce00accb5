import { setTimeout as wait } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { endableRetries } from '../retries.ts';
import { isOpen } from './ports.ts';

/** A development server answers within 0.3 s on an idle machine (temporal.md §0.1); a loaded one gets a hundred times that. */
const limitMs = 30_000;

export interface HealthTarget {
  readonly ip: string;
  readonly port: number;
  readonly uiPort: number;
  readonly namespace: string;
  readonly signal: AbortSignal;
}

const describesNamespace = async (address: string, namespace: string, limit: AbortSignal): Promise<void> => {
  const retries = endableRetries();
  const connection = await Connection.connect({ address, connectTimeout: 5000, interceptors: retries.interceptors });
  try {
    await connection.withAbortSignal(limit, () => connection.workflowService.describeNamespace({ namespace }));
  } finally {
    retries.end();
    await connection.close();
  }
};

/** Resolves when the server describes the namespace over gRPC and its UI accepts connections; rejects with the last reason after 30 s or on the signal. */
export const untilHealthy = async ({ ip, port, uiPort, namespace, signal }: HealthTarget): Promise<void> => {
  const timeout = AbortSignal.timeout(limitMs);
  const limit = AbortSignal.any([signal, timeout]);
  let last = 'nobody listens on its ports';
  for (;;) {
    // gRPC's own reconnecting waits a second after a refusal, so the port is watched with a bare connection first.
    if ((await isOpen(ip, port)) && (await isOpen(ip, uiPort))) {
      try {
        return await describesNamespace(`${ip}:${port}`, namespace, limit);
      } catch (error) {
        last = error instanceof Error ? error.message : String(error);
      }
    }
    signal.throwIfAborted();
    if (timeout.aborted) throw new Error(`no answer within ${limitMs / 1000} s: ${last}`);
    await wait(50);
  }
};
