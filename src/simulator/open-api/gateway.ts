import type { AccessKeyPair, SignableRequest } from '../../marketplace/signing/sdk-hmac-sha256.ts';
import { verifyRequest } from '../../marketplace/signing/sdk-hmac-sha256.ts';

/** Five bad signatures in a row lock an AK for five minutes (open-api.md §6.2). */
export const LOCK_AFTER = 5;
export const LOCK_TIME = 5 * 60_000;

/** HTTP status and JSON body of an answer of the open API, the gateway's or the marketplace's own. */
export interface OpenApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Gateway {
  /** The refusal, or null when the request may pass. */
  refusal(request: SignableRequest): OpenApiAnswer | null;
  /** What answers an address where nothing is published. */
  notFound(): OpenApiAnswer;
  /** The refusal of a bad signature, whatever the request. */
  badSignature(): OpenApiAnswer;
}

export interface GatewayOptions {
  readonly key: AccessKeyPair;
  readonly now: () => number;
  readonly newRequestId: () => string;
}

const REASONS = {
  unsigned: 'AK/SK authentication information is missing or malformed',
  date: 'X-Sdk-Date is more than 15 minutes from the time of the gateway',
  'unknown-key': 'Get secretKey failed',
  signature: 'verify aksk signature fail',
  locked: 'AK access failed to reach the limit, forbidden',
};

/** The API gateway in front of the open API: AK/SK signature, clock and lock (open-api.md §2, §6.2). The lock is forgotten at a restart. */
export function createGateway({ key, now, newRequestId }: GatewayOptions): Gateway {
  let failures = 0;
  let lockedUntil = 0;

  const gatewayError = (status: number, code: string, message: string): OpenApiAnswer => ({
    status,
    body: { error_code: code, error_msg: message, request_id: newRequestId() },
  });
  const unauthorised = (reason: keyof typeof REASONS): OpenApiAnswer => gatewayError(401, 'APIGW.0301', `Incorrect IAM authentication information: ${REASONS[reason]}`);

  return {
    refusal(request) {
      const at = now();
      // While locked, a request is turned away before its signature is looked at: a good one neither passes nor unlocks.
      if (at < lockedUntil && names(request, key.ak)) return unauthorised('locked');
      const verdict = verifyRequest(request, (ak) => (ak === key.ak ? key.sk : undefined), at);
      if (verdict.ok) {
        failures = 0;
        return null;
      }
      if (verdict.reason === 'signature') {
        failures += 1;
        if (failures >= LOCK_AFTER) {
          failures = 0;
          lockedUntil = at + LOCK_TIME;
        }
      }
      return unauthorised(verdict.reason);
    },
    notFound: () => gatewayError(404, 'APIGW.0101', 'The API does not exist or has not been published in the environment'),
    badSignature: () => unauthorised('signature'),
  };
}

function names({ headers }: SignableRequest, ak: string): boolean {
  return Object.entries(headers).some(([name, value]) => name.toLowerCase() === 'authorization' && value.includes(`Access=${ak},`));
}
