import type { Words } from './words.ts';

const PAGES = 'https://support.huaweicloud.com/accessg-marketplace';
const SIGNATURE = `${PAGES}/zh-cn_topic_0070649476.html`;
const SIBLING = `${PAGES}/zh-cn_topic_0070649248.html`;
const FAQ = `${PAGES}/access_topic_0000008.html`;
const DEBUGGING = `${PAGES}/saas_topic_0000001.html`;
const CREATE = `${PAGES}/zh-cn_topic_0070649427.html`;
const REFRESH = `${PAGES}/zh-cn_topic_0070649429.html`;
const UPGRADE = `${PAGES}/zh-cn_topic_0070649432.html`;
const ORDER_QUERY = `${PAGES}/zh-cn_topic_0070649350.html`;
const STATUS = `${PAGES}/zh-cn_topic_0070649430.html`;
const QUERY = `${PAGES}/zh-cn_topic_0070649428.html`;
const SECURITY = 'https://support.huaweicloud.com/eu/accessg-marketplace/en-us_topic_000006.html';
const CODES = 'https://support.huaweicloud.com/intl/en-us/accessg-marketplace/topic_0070649099.html';

export interface Rule {
  readonly rule: Words;
  readonly mend: Words;
  readonly page: string;
  /** How sure the rule is: a page of this interface says it, a page of a sibling, Huawei's sample code, or it follows from them. */
  readonly mark: 'page' | 'sibling page' | 'sample' | 'inferred';
}

/** What a seller's answers are held against. Several checks may look at one rule. */
export const RULES = {
  answering: {
    rule: { en: 'the production address answers every call with a resultCode', zh: '生产地址对每个请求都返回 resultCode' },
    mend: {
      en: 'start the seller and compare host, port and path with the address that was given; then look at DNS, firewall, certificate and proxy',
      zh: '启动服务，核对地址的主机、端口和路径；再检查 DNS、防火墙、证书和代理',
    },
    page: FAQ,
    mark: 'page',
  },
  signature: {
    rule: { en: 'a call whose signature does not hold changes nothing and is refused', zh: '签名不正确的请求必须拒绝，且不产生任何影响' },
    mend: {
      en: 'compute hex(HMAC-SHA256(key, key + nonce + timestamp + hex(HMAC-SHA256(key, body)))) from what was received and refuse the call unless it is equal',
      zh: '按收到的内容计算 hex(HMAC-SHA256(key, key + nonce + timestamp + hex(HMAC-SHA256(key, body))))，不相等即拒绝',
    },
    page: SIGNATURE,
    mark: 'page',
  },
  accepting: {
    rule: { en: 'a call whose signature holds is accepted', zh: '签名正确的请求必须接受' },
    mend: {
      en: 'compare key, address and algorithm with the console: hex(HMAC-SHA256(key, key + nonce + timestamp + hex(HMAC-SHA256(key, body)))), the inner hex in small letters',
      zh: '核对密钥、地址和算法：hex(HMAC-SHA256(key, key + nonce + timestamp + hex(HMAC-SHA256(key, body))))，内层十六进制为小写',
    },
    page: SIGNATURE,
    mark: 'page',
  },
  'signature-bytes': {
    rule: { en: 'the signature covers the body as it was sent', zh: '签名针对实际发送的请求体' },
    mend: { en: 'verify over the raw bytes, before any JSON library has read and written them anew', zh: '在 JSON 解析之前，用原始字节验签' },
    page: SIGNATURE,
    mark: 'inferred',
  },
  'signature-sorted': {
    rule: { en: 'the signed text is the compact body with its top-level members in ascending order', zh: '签名文本为紧凑格式、顶层成员按升序排列的请求体' },
    mend: { en: 'if the raw bytes do not match, sort the top-level members ascending, write them compactly and verify once more', zh: '原始字节验签不通过时，将顶层成员升序排列、紧凑输出后再验一次' },
    page: SIGNATURE,
    mark: 'sample',
  },
  'signature-case': {
    rule: { en: 'the hex digits of a signature mean the same in capitals and small letters', zh: '签名的十六进制不区分大小写' },
    mend: { en: 'compare without regard to case, in constant time', zh: '比较时忽略大小写，并使用固定时间比较' },
    page: SIGNATURE,
    mark: 'inferred',
  },
  parts: {
    rule: { en: 'signature, timestamp and nonce are needed on every call', zh: '每个请求都必须带 signature、timestamp 和 nonce' },
    mend: { en: 'refuse a call that lacks one of the three before anything else', zh: '缺少任一参数时直接拒绝' },
    page: SIGNATURE,
    mark: 'page',
  },
  window: {
    rule: { en: '|now − timestamp| ≤ 60 s, both sides', zh: '|当前时间 − timestamp| ≤ 60 秒，前后两侧都要检查' },
    mend: { en: 'compare the absolute difference, after bringing seconds and milliseconds to one unit', zh: '统一秒与毫秒后，比较差的绝对值' },
    page: SIBLING,
    mark: 'sibling page',
  },
  'stamp-unit': {
    rule: { en: 'a timestamp of 13 digits is milliseconds, one of 10 seconds (the pages differ), and anything else is none', zh: 'timestamp 13 位为毫秒，10 位为秒（各页面说法不同），其他均无效' },
    mend: { en: 'tell the unit by the number of digits, and refuse a text that is not a number: comparisons with NaN are always false', zh: '按位数判断单位；非数字一律拒绝（与 NaN 比较恒为 false）' },
    page: SIGNATURE,
    mark: 'inferred',
  },
  nonce: {
    rule: { en: 'a nonce is good for one call', zh: '一个 nonce 只能用于一次请求' },
    mend: { en: 'keep each nonce longer than the 60 s window, with a hash of its body, under a unique index', zh: '将 nonce 与请求体摘要保存到超过 60 秒时间窗，并建唯一索引' },
    page: SIBLING,
    mark: 'sibling page',
  },
  'nonce-burnt': {
    rule: { en: 'a call that is refused uses no nonce up', zh: '被拒绝的请求不得占用 nonce' },
    mend: { en: 'verify the signature first, and store the nonce in the transaction that stores what the call does', zh: '先验签，再把 nonce 与业务数据写在同一个事务中' },
    page: SIBLING,
    mark: 'inferred',
  },
  'nonce-form': {
    rule: { en: 'a nonce is any text: pages show 16, 32 and 64 letters and digits', zh: 'nonce 为任意文本：各页面示例为 16、32 或 64 位字母数字' },
    mend: { en: 'take the nonce as it comes; demand neither a length nor hex digits', zh: '按原文使用 nonce，不限制长度，也不要求十六进制' },
    page: SIBLING,
    mark: 'inferred',
  },
  hostile: {
    rule: { en: 'members named like inner parts of a language are data, or are refused', zh: '名称与语言内部属性相同的成员只能当作数据，或者拒绝' },
    mend: { en: 'never merge a received object into another; read the members you know by name', zh: '不要把收到的对象合并到其他对象，只按名称读取已知成员' },
    page: SIGNATURE,
    mark: 'inferred',
  },
  codes: {
    rule: { en: '000001 says that authentication failed, 000002 that a parameter is wrong, missing or stale', zh: '000001 表示鉴权失败，000002 表示参数错误、缺失或过期' },
    mend: { en: 'answer with the code of the table: the console shows it to whoever looks for the fault', zh: '按返回码表应答：控制台会显示该返回码' },
    page: CODES,
    mark: 'sample',
  },
  'http-200': {
    rule: { en: 'every answer has HTTP status 200; the result stands in resultCode', zh: '所有应答的 HTTP 状态码均为 200，结果由 resultCode 表示' },
    mend: { en: 'catch errors of the framework, the JSON parser and the body limit, and answer them as 200 with a resultCode; look at proxies too', zh: '捕获框架、JSON 解析及请求体大小限制的错误，以 200 和 resultCode 应答；同时检查代理' },
    page: FAQ,
    mark: 'page',
  },
  'content-type': {
    rule: { en: 'every answer has the content type application/json', zh: '所有应答的 Content-Type 均为 application/json' },
    mend: { en: 'set the header on refusals and errors too', zh: '拒绝和出错时也要设置该应答头' },
    page: FAQ,
    mark: 'page',
  },
  body: {
    rule: { en: 'every answer is a JSON object with resultCode (six digits) and resultMsg (at most 255 characters)', zh: '所有应答均为 JSON 对象，含 resultCode（6 位数字）和 resultMsg（不超过 255 字符）' },
    mend: { en: 'build every answer in one place, as text, with both members', zh: '在同一处生成所有应答，两个成员都以字符串给出' },
    page: FAQ,
    mark: 'page',
  },
  members: {
    rule: { en: 'mandatory members and their words are checked, in debugging calls too', zh: '必选成员及其取值必须校验，调测请求也不例外' },
    mend: { en: 'check the members by the table of the activity before looking at testFlag', zh: '先按接口参数表校验成员，再判断 testFlag' },
    page: CREATE,
    mark: 'sample',
  },
  probe: {
    rule: { en: 'a debugging call (调测, 拨测) is answered completely and successfully without looking anything up: saved cases are replayed twice a day', zh: '调测和拨测请求无需查找实例，直接返回完整的成功应答：已保存的用例每天会重放两次' },
    mend: { en: 'after the signature and the members, answer testFlag "1" with 000000 and every member that the activity demands', zh: '验签并校验成员后，对 testFlag 为 "1" 的请求返回 000000 及该接口要求的全部成员' },
    page: DEBUGGING,
    mark: 'inferred',
  },
  idempotent: {
    rule: { en: 'the same order line is the same instance, whatever the businessId and however many copies come at once', zh: '同一订单行对应同一实例，与 businessId 以及并发的份数无关' },
    mend: { en: 'derive or store the instanceId by orderId and orderLineId, under a unique index; businessId differs on every call', zh: '按 orderId 与 orderLineId 生成或保存 instanceId，并建唯一索引；businessId 每次都不同' },
    page: CREATE,
    mark: 'page',
  },
  ordered: {
    rule: { en: 'a create is answered at once with an instanceId, and the instance is queried until its access data come', zh: 'newInstance 立即返回 instanceId，随后轮询 queryInstance 直到返回访问信息' },
    mend: {
      en: 'answer 000004 with the id, ask the order query of the open API what was bought, and answer queries with info once it is ready; never say 000000 before it is stored',
      zh: '先返回 000004 和实例 ID，通过开放接口查询订单内容，开通完成后在 queryInstance 中返回 info；落库之前不得返回 000000',
    },
    page: CREATE,
    mark: 'page',
  },
  'order-query': {
    rule: { en: 'what was bought is asked of the order query, with the order and its line, signed with AK and SK', zh: '通过订单查询接口获取购买内容：带订单号与订单行号，用 AK/SK 签名' },
    mend: {
      en: 'GET the order query (SDK-HMAC-SHA256, X-Sdk-Date of now in UTC) before you provision; five bad signatures lock the AK for five minutes',
      zh: '开通前以 GET 调用订单查询接口（SDK-HMAC-SHA256，X-Sdk-Date 为当前 UTC 时间）；连续五次签名错误会锁定 AK 五分钟',
    },
    page: ORDER_QUERY,
    mark: 'page',
  },
  attempts: {
    rule: { en: 'a failure is not the last word: what is asked again is tried again, and a success is told only when it is kept', zh: '失败不是最终结果：重复请求应重新尝试；只有已落库的结果才能返回成功' },
    mend: {
      en: 'never store a failure as the answer to an order line or a nonce; commit first, answer then; repeat the order query in the background until it answers',
      zh: '不要把失败保存为订单行或 nonce 的应答；先提交事务再应答；在后台重试订单查询直到成功',
    },
    page: CREATE,
    mark: 'inferred',
  },
  early: {
    rule: { en: 'a freeze or an unfreeze of an instance still being made is carried out, at the latest when repeated, and does not stop the making', zh: '对开通中的实例冻结或解冻应生效（最迟在重复请求时），且不得中断开通' },
    mend: { en: 'queue it, or answer 000005 until the instance is made', zh: '排队处理，或在开通完成前返回 000005' },
    page: STATUS,
    mark: 'inferred',
  },
  change: {
    rule: { en: 'a change that the seller allows is carried out once, whatever the number of calls; its target stands in the order query', zh: '商家允许的变更只执行一次，与请求次数无关；目标规格以订单查询结果为准' },
    mend: { en: 'remember orderId and orderLineId of a change that is done and answer 000000 to its repeats; changeInstanceCheck changes nothing', zh: '记录已完成变更的 orderId 与 orderLineId，重复请求返回 000000；changeInstanceCheck 不产生任何变更' },
    page: UPGRADE,
    mark: 'inferred',
  },
  released: {
    rule: { en: 'a released instance stays released: late repeats find it done, and nobody pays for it again', zh: '已释放的实例保持释放：迟到的重复请求视为已完成，不得再次收费' },
    mend: { en: 'keep the order line of a released instance: answer its create and freeze with 000000, its renewals and upgrades with 000003', zh: '保留已释放实例的订单行：newInstance 和冻结返回 000000，续费和升级返回 000003' },
    page: REFRESH,
    mark: 'inferred',
  },
  unknown: {
    rule: { en: 'a call for an instance that does not exist is told so', zh: '实例不存在时应明确告知' },
    mend: { en: 'answer 000003, unless testFlag is "1"', zh: '返回 000003（testFlag 为 "1" 时除外）' },
    page: CODES,
    mark: 'page',
  },
  repeats: {
    rule: { en: 'what was asked for happens, and asking once more is a success too', zh: '请求的操作要生效，重复请求同样返回成功' },
    mend: { en: 'set the state that is asked for instead of counting steps: a repeat of a freeze, an unfreeze, a renewal or a release finds it done', zh: '按目标状态处理而不是累加：重复的冻结、解冻、续费或释放应返回成功' },
    page: STATUS,
    mark: 'inferred',
  },
  'many-ids': {
    rule: { en: 'a query names up to 100 ids, each of which is answered; more are refused', zh: '一次查询最多 100 个实例 ID，逐个应答；超过则拒绝' },
    mend: { en: 'split instanceId at its commas, answer each id once, and refuse the 101st with 000002', zh: '按逗号拆分 instanceId，逐个应答；超过 100 个返回 000002' },
    page: QUERY,
    mark: 'sample',
  },
  lengths: {
    rule: { en: 'members of an answer keep the types and lengths of the tables', zh: '应答成员须符合参数表的类型和长度' },
    mend: { en: 'give text of at most: instanceId 64, frontEndUrl and adminUrl 512, userName and password 128, memo 1024', zh: '以字符串给出，长度不超过：instanceId 64，frontEndUrl 和 adminUrl 512，userName 和 password 128，memo 1024' },
    page: QUERY,
    mark: 'page',
  },
  plain: {
    rule: { en: 'access data of V2.0 are plain text; encryptType belongs to V1.0', zh: 'V2.0 的访问信息为明文，encryptType 属于 V1.0' },
    mend: { en: 'leave encryptType out and give userName and password as the buyer is to type them', zh: '不返回 encryptType，userName 和 password 按用户输入的原文返回' },
    page: QUERY,
    mark: 'inferred',
  },
  latency: {
    rule: { en: 'an answer comes within 5 s (another page says 20 s)', zh: '5 秒内应答（另一页面为 20 秒）' },
    mend: { en: 'answer first and work in the background: a create answers 000004 and is polled', zh: '先应答，后台处理：newInstance 返回 000004，随后平台会轮询' },
    page: SECURITY,
    mark: 'page',
  },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof RULES;
