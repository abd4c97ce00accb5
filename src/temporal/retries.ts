import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor, type ConnectionOptions } from '@temporalio/client';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];
type Interceptors = NonNullable<ConnectionOptions['interceptors']>;
type InterceptingCall = ReturnType<Interceptor>;

/** gRPC's own number. */
const CANCELLED = 1;

export interface Retries {
  readonly interceptors: Interceptors;
  /** From now on a call, also the next attempt of one that was begun, is cancelled in place of being sent. */
  readonly end: () => void;
}

/**
 * The client's own retries, which can be ended. Each next attempt waits in a timer that `Connection.close` forgets: it fires on the closed
 * channel, which throws where nobody can catch it, and takes the process with it (@temporalio/client 1.24.0).
 */
export function endableRetries(): Retries {
  let ended = false;
  const gate: Interceptor = (options, nextCall) => (ended ? cancelledCall() : nextCall(options) as InterceptingCall);
  return {
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions()), gate],
    end: () => void (ended = true),
  };
}

/** A call that never reaches the channel: it answers CANCELLED as a server would. */
function cancelledCall(): InterceptingCall {
  const nothing = (): void => undefined;
  const call: Pick<InterceptingCall, 'start' | 'sendMessage' | 'sendMessageWithContext' | 'startRead' | 'halfClose' | 'cancelWithStatus' | 'getPeer' | 'getAuthContext'> = {
    start: (metadata, listener) =>
      queueMicrotask(() => {
        // The retrying interceptor passes a status on only behind a message, as gRPC's own failed calls do.
        listener?.onReceiveMessage?.(null);
        listener?.onReceiveStatus?.({ code: CANCELLED, details: 'the connection to Temporal was closed', metadata });
      }),
    sendMessage: nothing,
    sendMessageWithContext: nothing,
    startRead: nothing,
    halfClose: nothing,
    cancelWithStatus: nothing,
    getPeer: () => 'closed',
    getAuthContext: () => null,
  };
  return call as InterceptingCall;
}
