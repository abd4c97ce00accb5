const FAQ = 'https://support.huaweicloud.com/accessg-marketplace/access_topic_0000008.html';
const FAQ_V1 = 'https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649300.html';

/** A message in the console's own words, and in English. */
export interface DebuggerMessage {
  readonly zh: string;
  readonly en: string;
}

interface Row extends DebuggerMessage {
  readonly page: string;
}

/**
 * What the console shows when a debugging case (调测) fails, as its page prints it, with our English (saas.md §6.8). Names in braces are filled in;
 * `fileId` is the page's own word for the name of a field. `length` stands on the page of V1.0 alone.
 */
export const DEBUGGER_MESSAGES = {
  'time-out': { zh: '调测失败，调用接口超时20s.', en: 'Debugging failed: the call timed out after 20 s.', page: FAQ },
  unreachable: { zh: '调测失败，生产地址不可达.', en: 'Debugging failed: the production address cannot be reached.', page: FAQ },
  'http-code': { zh: '调测失败，接口响应httpCode={httpCode}，请检查服务器日志，定位失败原因.', en: 'Debugging failed: the interface answered httpCode={httpCode}; look for the cause in the log of your server.', page: FAQ },
  'content-type': {
    zh: '调测失败，响应content-type格式错误，返回的格式为{contentType}，正确的格式为"application/json".',
    en: 'Debugging failed: the content type of the answer is {contentType}, it must be "application/json".',
    page: FAQ,
  },
  parse: {
    zh: '调测失败，解析响应体失败，响应格式参考{"resultCode":"000000","resultMsg":"success."}.',
    en: 'Debugging failed: the body of the answer cannot be parsed, it must look like {"resultCode":"000000","resultMsg":"success."}.',
    page: FAQ,
  },
  'result-code': { zh: '调用失败，生产接口resultCode返回错误.', en: 'The call failed: the production interface answered with a resultCode that is an error.', page: FAQ },
  missing: { zh: '调测失败，接口响应缺少{fileId}.', en: 'Debugging failed: the answer lacks {fileId}.', page: FAQ },
  length: { zh: '调测失败，字段{fileId}长度不合法.', en: 'Debugging failed: the length of {fileId} is not allowed.', page: FAQ_V1 },
} as const satisfies Readonly<Record<string, Row>>;
export type DebuggerMessageId = keyof typeof DEBUGGER_MESSAGES;

/** The message with its names filled in. */
export function debuggerMessage(id: DebuggerMessageId, values: Readonly<Partial<Record<'httpCode' | 'contentType' | 'fileId', string>>> = {}): DebuggerMessage {
  const { zh, en } = DEBUGGER_MESSAGES[id];
  const fill = (text: string): string => Object.entries(values).reduce((filled, [name, value]) => filled.replace(`{${name}}`, () => value), text);
  return { zh: fill(zh), en: fill(en) };
}
