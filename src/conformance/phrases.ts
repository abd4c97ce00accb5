import { verbs } from '../marketplace/saas-v2/verbs.ts';
import { literally } from './literally.ts';
import { PATHS } from './paths.ts';
import type { Language, Words } from './words.ts';

/**
 * What a report says besides titles, rules and headings: findings, what was wanted, why a check was left out, kinds of product, reasons of the
 * debugger. `{0}` and `{1}` stand for something of the wire, which stays as it is, or for another phrase. The first that fits is taken.
 */
export const PHRASES: readonly Words[] = [
  // Why a check was left out
  { en: 'needs --live', zh: '需要 --live' },
  { en: 'filtered', zh: '未选择' },
  { en: 'interrupted', zh: '已中断' },
  { en: 'blocked by {0}', zh: '依赖的 {0} 未通过' },
  // Kinds of product
  { en: 'period', zh: '包周期' },
  { en: 'one-time', zh: '一次性' },
  { en: 'on-demand and packages', zh: '按需与套餐包' },
  { en: 'upgradable, besides', zh: '支持升级的商品另需' },
  // What was wanted
  { en: 'refused: 000001 or 000002', zh: '拒绝：000001 或 000002' },
  { en: 'the same code again, or refused: 000001 or 000002', zh: '返回码与之前相同，或拒绝：000001 或 000002' },
  { en: '000000, 000001 or 000002, then 000000', zh: '000000、000001 或 000002，随后为 000000' },
  { en: 'six digits, as text', zh: '6 位数字的字符串' },
  { en: '1 to 255 characters, as text', zh: '1 至 255 个字符的字符串' },
  { en: '000000 with the same instanceId', zh: '000000，instanceId 相同' },
  { en: '000000 with 100 entries in info, one for each id', zh: '000000，info 含 100 项，每个 ID 一项' },
  { en: 'text within the lengths of the table, usageValue a number', zh: '字符串，长度符合参数表；usageValue 为数字' },
  { en: 'GET order query with the orderId, before the access data come', zh: '返回访问信息之前，以 GET 查询该 orderId 的订单' },
  { en: 'signed with AK and SK, at the right time: not refused by the gateway', zh: '以 AK 和 SK 在正确时间签名，未被网关拒绝' },
  { en: '000004, until 000000 with info', zh: '000004，直到 000000 并含 info' },
  { en: '000000, at the latest when repeated; and the access data come', zh: '最迟在重复请求时为 000000，并返回访问信息' },
  { en: '000004 or a refusal, the order query is asked again, and the access data come', zh: '000004 或拒绝，再次查询订单，并返回访问信息' },
  { en: 'judged anew: anything but 000001 and 000002', zh: '重新判断：不为 000001 和 000002' },
  { en: '000000 with its access data', zh: '000000，含其访问信息' },
  { en: '000000, at the latest when repeated, and 000000 again', zh: '最迟在重复请求时为 000000，再次请求仍为 000000' },
  { en: '000000, at the latest when repeated, and never any access data', zh: '最迟在重复请求时为 000000，且始终不返回访问信息' },
  { en: 'no encryptType', zh: '不含 encryptType' },
  { en: '000000, and soon no access data', zh: '000000，且不久后不再返回访问信息' },
  { en: '000000 or 000004, then the access data', zh: '000000 或 000004，随后返回访问信息' },
  { en: '000000, and the access data of the same id', zh: '000000，且返回同一 ID 的访问信息' },
  { en: 'no other instanceId, and no access data', zh: '不返回其他 instanceId，也不返回访问信息' },
  { en: 'resultCode of six digits, resultMsg of 1 to 255 characters', zh: 'resultCode 为 6 位数字，resultMsg 为 1 至 255 个字符' },
  { en: '000000 with {0}', zh: '000000，含 {0}' },
  { en: 'text within the lengths of the table', zh: '字符串，长度符合参数表' },
  { en: 'text of at most 64 characters', zh: '不超过 64 个字符的字符串' },
  { en: 'within {0} ms', zh: '{0} 毫秒以内' },
  { en: '000000 or 000004, with instanceId', zh: '000000 或 000004，含 instanceId' },
  { en: 'the same instanceId', zh: 'instanceId 相同' },
  { en: 'one and the same instanceId', zh: '各份返回同一 instanceId' },
  { en: '000004 while it is made, then 000000 with info and frontEndUrl', zh: '开通中为 000004，完成后为 000000，含 info 和 frontEndUrl' },
  { en: '000000, and the instance is there as before', zh: '000000，且实例保持不变' },
  { en: 'no access data, soon', zh: '不久后不再返回访问信息' },
  // What was seen
  { en: '{0}, still so after {1} ms', zh: '{0}，{1} 毫秒后仍然如此' },
  { en: 'repeated, it is still {0}', zh: '重复请求后仍为：{0}' },
  { en: 'the create gave no instanceId: {0}', zh: 'newInstance 未返回 instanceId：{0}' },
  { en: 'the gateway refused it: HTTP {0}', zh: '被网关拒绝：HTTP {0}' },
  { en: 'nobody asked what was bought', zh: '未查询所购商品的订单' },
  { en: 'access data came, and nobody had asked what was bought', zh: '返回了访问信息，但未查询过订单' },
  { en: 'not asked', zh: '未查询' },
  { en: 'info lacks its access data', zh: 'info 缺少其访问信息' },
  { en: 'instanceId {0}, before the release {1}', zh: 'instanceId 为 {0}，释放前为 {1}' },
  { en: 'accepted: answered {0}', zh: '未拒绝，应答 {0}' },
  { en: 'broke instead of refusing: {0}', zh: '未正常拒绝而是出错：{0}' },
  { en: 'answered {0} without access data', zh: '应答 {0}，没有访问信息' },
  { en: 'answered after {0} ms, limit {1} ms', zh: '{0} 毫秒后才应答，上限 {1} 毫秒' },
  { en: 'no answer within {0} ms', zh: '{0} 毫秒内无应答' },
  { en: 'answered {0}: the call that failed has used up its nonce', zh: '应答 {0}：失败的请求已占用其 nonce' },
  { en: 'answered {0}', zh: '应答 {0}' },
  { en: 'no resultCode with HTTP {0}', zh: '无 resultCode，HTTP {0}' },
  { en: 'no resultCode', zh: '无 resultCode' },
  { en: '{0} with HTTP {1}', zh: '{0}（HTTP 状态码 {1}）' },
  { en: 'timed out', zh: '超时' },
  { en: 'unreachable: {0}', zh: '无法连接：{0}' },
  { en: 'a good call after it is {0}', zh: '其后的正确请求{0}' },
  ...Object.values(PATHS).map(({ title }) => ({ en: `after ${title.en}: {0}`, zh: `${title.zh}：{0}` })),
  ...Object.keys(verbs).map((activity) => ({ en: `${activity}: {0}`, zh: `${activity}：{0}` })),
  { en: 'without {0}: {1}', zh: '缺少 {0} 时：{1}' },
  { en: 'content type is {0}, must be application/json', zh: 'Content-Type 为 {0}，应为 application/json' },
  { en: 'no content type', zh: '无 Content-Type' },
  { en: 'no JSON object', zh: '不是 JSON 对象' },
  { en: 'the body is not a JSON object', zh: '应答体不是 JSON 对象' },
  { en: 'httpCode = {0}, must be 200', zh: 'httpCode = {0}，应为 200' },
  { en: 'resultCode is missing or not of six digits', zh: '缺少 resultCode，或不是 6 位数字' },
  { en: '{0} is missing', zh: '缺少 {0}' },
  { en: 'resultCode is {0}, which no page lists', zh: 'resultCode 为 {0}，文档中没有该返回码' },
  { en: 'encryptType is {0}', zh: 'encryptType 为 {0}' },
  { en: 'resultCode is {0}', zh: 'resultCode 为 {0}' },
  { en: '{0} has {1} characters', zh: '{0} 有 {1} 个字符' },
  { en: '{0} is no number', zh: '{0} 不是数字' },
  { en: '{0} is no text', zh: '{0} 不是字符串' },
  { en: 'info lacks {0} of the 100 ids', zh: 'info 缺少 100 个 ID 中的 {0} 个' },
  { en: 'the answer lacks {0}', zh: '应答缺少 {0}' },
  { en: 'instanceId {0}, before it {1}', zh: 'instanceId 为 {0}，之前为 {1}' },
  { en: '{0} ms: over 5 s; pages differ', zh: '{0} 毫秒，超过 5 秒（各页面说法不同）' },
  { en: '{0} ms', zh: '{0} 毫秒' },
  { en: 'the create gave no instanceId', zh: 'newInstance 未返回 instanceId' },
  { en: 'the seller has given no instance id for order {0} yet', zh: '订单 {0} 尚无实例 ID' },
  { en: 'not done within {0} ms; the seller’s last answer: {1}', zh: '{0} 毫秒内未完成；最后一次应答：{1}' },
  { en: 'the access data are still there', zh: '仍返回访问信息' },
];

const PATTERNS = PHRASES.map((words) => ({ words, pattern: new RegExp(`^${words.en.split(/\{[01]\}/).map((part) => literally(part)).join('(.+)')}$`, 's') }));

/** A sentence of the report in another language. What is no phrase of ours, such as a code or a content type, stays as it is. */
export function inLanguage(text: string, language: Language): string {
  if (language === 'en') return text;
  for (const { words, pattern } of PATTERNS) {
    const found = pattern.exec(text);
    if (found) return words[language].replaceAll(/\{([01])\}/g, (_, place: string) => inLanguage(found[Number(place) + 1] ?? '', language));
  }
  return text;
}
