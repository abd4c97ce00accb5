/**
 * The webhook was not called: its host is, or resolves to, an address that is not public, and private ones are not allowed. Nothing was sent.
 * Comes again until the address, the name or KOOKEEPER_WEBHOOK_PRIVATE changes.
 */
export class WebhookRefused extends Error {
  override readonly name = 'WebhookRefused';
  readonly code = 'WEBHOOK_REFUSED';
}

/**
 * No 2xx came back: another status, a redirect (never followed), no connection, or nothing within the time limit. The receiver may have the
 * notice all the same. The message never holds the URL, which may carry a token, nor what the receiver answered.
 */
export class WebhookFailed extends Error {
  override readonly name = 'WebhookFailed';
  readonly code = 'WEBHOOK_FAILED';
}
