/**
 * Why an open API call brought nothing. `code` is stable, `retry` says whether the same call may be made again by itself. Messages carry
 * the HTTP status and the marketplace's code, never its text: a gateway echoes the request it saw.
 */
export abstract class OpenApiError extends Error {
  abstract readonly code: string;
  abstract readonly retry: boolean;
}

/**
 * The signature, the key or its rights were refused. Never repeat: the gateway locks an access key for five minutes after five failures in
 * a row (open-api.md §6.2), which then stops good calls too. The order itself may be perfectly good.
 */
export class SignatureRefused extends OpenApiError {
  override readonly name = 'SignatureRefused';
  readonly code = 'SIGNATURE_REFUSED';
  readonly retry = false;
}

/** Too many calls (406, 429). Back off. */
export class Throttled extends OpenApiError {
  override readonly name = 'Throttled';
  readonly code = 'THROTTLED';
  readonly retry = true;
}

/** Network, time-out, 5xx or an answer that is not JSON. Says nothing about the order. */
export class Unreachable extends OpenApiError {
  override readonly name = 'Unreachable';
  readonly code = 'UNREACHABLE';
  readonly retry = true;
}

/** The marketplace understood the call and said no, for instance for another seller's order. A person must look. */
export class OrderRefused extends OpenApiError {
  override readonly name = 'OrderRefused';
  readonly code = 'ORDER_REFUSED';
  readonly retry = false;
}

/**
 * Success without what was asked for: no such line, another order, no products. An order just paid may be incomplete, so repeating can
 * help.
 */
export class OrderUnreadable extends OpenApiError {
  override readonly name = 'OrderUnreadable';
  readonly code = 'ORDER_UNREADABLE';
  readonly retry = true;
}
