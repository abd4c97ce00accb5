import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Signs a V2.0 request: upper-case hex of HMAC(key, key + nonce + timestamp + lower-case hex of HMAC(key, payload)), HMAC-SHA256 keyed by
 * the access key both times. `nonce` and `timestamp` as they stand in the URL after percent-decoding, `payload` the signed body. saas.md
 * §4.4, https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649476.html
 */
export function sign(accessKey: string, nonce: string, timestamp: string, payload: Uint8Array | string): string {
  return digest(accessKey, nonce, timestamp, payload).toString('hex').toUpperCase();
}

/** Whether `signature` (hex in any case: the pages print both) is the one `sign` makes. Constant time; an empty access key never holds. */
export function verify(signature: string, accessKey: string, nonce: string, timestamp: string, payload: Uint8Array | string): boolean {
  if (accessKey === '' || !/^[0-9a-fA-F]{64}$/.test(signature)) return false;
  return timingSafeEqual(Buffer.from(signature, 'hex'), digest(accessKey, nonce, timestamp, payload));
}

function digest(accessKey: string, nonce: string, timestamp: string, payload: Uint8Array | string): Buffer {
  const inner = createHmac('sha256', accessKey).update(payload).digest('hex');
  return createHmac('sha256', accessKey).update(accessKey + nonce + timestamp + inner).digest();
}
