import { createHmac, timingSafeEqual } from 'node:crypto';

/** The name in exactly this case: the marketplace's FAQ calls it case-sensitive (saas.md 4.2.3). */
export const BODY_SIGN = 'Body-Sign';

/**
 * Value of the answer header `Body-Sign` over exactly the bytes sent; one added blank or line end breaks it. Compulsory in V1.0, harmless
 * in V2.0 (saas.md §4.2, §4.5). https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0082027567.html
 */
export function bodySign(accessKey: string, body: Uint8Array | string): string {
  return `sign_type="HMAC-SHA256", signature="${digest(accessKey, body).toString('base64')}"`;
}

/** Whether a `Body-Sign` value belongs to the body. A blank after `signature=` is accepted: the page's own example has one (4.2.5). */
export function verifyBodySign(header: string, accessKey: string, body: Uint8Array | string): boolean {
  const match = /^sign_type= ?"HMAC-SHA256", ?signature= ?"([A-Za-z0-9+/]{43}=)"$/.exec(header);
  if (match?.[1] === undefined) return false;
  return timingSafeEqual(Buffer.from(match[1], 'base64'), digest(accessKey, body));
}

function digest(accessKey: string, body: Uint8Array | string): Buffer {
  return createHmac('sha256', accessKey).update(body).digest();
}
