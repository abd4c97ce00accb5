/** What a test vector is made of: a body as it arrives, and what of it was signed. */
export interface VectorCase {
  readonly name: string;
  /** What a receiver may get wrong here. */
  readonly why: string;
  readonly body: string;
  /** What was signed, where it is not the body itself: the body was written anew on its way (saas.md 4.4.4). */
  readonly signed?: string;
  /** Default: milliseconds. */
  readonly timestamp?: string;
  readonly nonce?: string;
  readonly signatureCase?: 'lower';
}

const ORDER = '"orderId":"CS2211181819B4LVS","orderLineId":"CS2211181819B4LVS-000001"';
const INSTANCE = '"instanceId":"10e758d0-31ad-4c4b-8f1b-81d03469a10e"';
const query = (id: string): string => `{"activity":"queryInstance","instanceId":"${id}"}`;

/** The seven activities of SaaS V2.0, as saas.md §3.11 has them, `testFlag` included. */
const ACTIVITIES: readonly VectorCase[] = [
  { name: 'newInstance', why: 'a purchase', body: `{"activity":"newInstance","businessId":"87b94795-0603-4e24-8ae5-69420d60e3c8",${ORDER},"testFlag":"1"}` },
  { name: 'queryInstance', why: 'ids separated by commas', body: `{"activity":"queryInstance","instanceId":"10e758d0-31ad-4c4b-8f1b-81d03469a10e,second","testFlag":"1"}` },
  {
    name: 'refreshInstance',
    why: 'a renewal, its end with 17 digits',
    body: `{"activity":"refreshInstance","expireTime":"20221124023618256",${INSTANCE},${ORDER},"productId":"OFFI461867333479178240","scene":"RENEWAL","testFlag":"1"}`,
  },
  { name: 'updateInstanceStatus', why: 'a freeze', body: `{"activity":"updateInstanceStatus",${INSTANCE},"status":"FREEZE","testFlag":"1"}` },
  { name: 'releaseInstance', why: 'an unsubscription', body: `{"activity":"releaseInstance",${INSTANCE},${ORDER},"testFlag":"1"}` },
  { name: 'upgradeInstance', why: 'another size', body: `{"activity":"upgradeInstance",${INSTANCE},${ORDER},"testFlag":"1"}` },
  {
    name: 'changeInstanceCheck',
    why: 'the only member that is no text: an object',
    body: `{"activity":"changeInstanceCheck",${INSTANCE},"productInfo":{"skuCode":"sku-1","productId":"OFFI1","linearValue":100},"testFlag":"1"}`,
  },
];

const TEXTS: readonly VectorCase[] = [
  { name: 'non-ascii', why: 'characters beyond ASCII are signed as their UTF-8 bytes, not as escapes', body: query('实例-é-😀') },
  { name: 'escapes', why: 'quotes, backslashes, line ends and tabs are signed in their escaped form', body: query('a\\"b\\\\c\\n\\t\\u0001/d') },
  { name: 'unicode-escapes', why: 'the bytes as received are tried before anything is written anew', body: query('\\u5b9e\\u4f8b \\/') },
  { name: 'html-characters', why: 'Gson and Go escape these characters unless told not to', body: query("<a href='x?b=1&c=2'>") },
  { name: 'empty-strings', why: 'an empty text is a value and stays', body: `{"activity":"releaseInstance",${INSTANCE},"orderId":"","orderLineId":""}` },
  {
    name: 'empty-strings-reserialised',
    why: 'an empty text stays when the body is sorted again',
    body: `{"orderLineId":"","orderId":"",${INSTANCE},"activity":"releaseInstance"}`,
    signed: `{"activity":"releaseInstance",${INSTANCE},"orderId":"","orderLineId":""}`,
  },
  {
    name: 'non-ascii-reserialised',
    why: 'sorting again must not escape what was not escaped',
    body: `{"instanceId":"实例-é-😀","activity":"queryInstance"}`,
    signed: query('实例-é-😀'),
  },
];

const SHAPES: readonly VectorCase[] = [
  { name: 'unsorted', why: 'members in another order: the sorted form was signed', body: `{"testFlag":"1",${INSTANCE},"activity":"queryInstance"}`, signed: `{"activity":"queryInstance",${INSTANCE},"testFlag":"1"}` },
  { name: 'blanks', why: 'a proxy wrote the body with blanks and line ends', body: `{\n  "activity": "queryInstance",\n  ${INSTANCE.replace(':', ' : ')}\n}\n`, signed: `{"activity":"queryInstance",${INSTANCE}}` },
  { name: 'upper-before-lower', why: 'names are sorted by character code: capitals first', body: `{"activity":"queryInstance","a":"1","Z":"2",${INSTANCE}}`, signed: `{"Z":"2","a":"1","activity":"queryInstance",${INSTANCE}}` },
  { name: 'nulls', why: 'null members of the top level are not signed', body: `{"activity":"releaseInstance",${INSTANCE},"orderId":null,"orderLineId":null}`, signed: `{"activity":"releaseInstance",${INSTANCE}}` },
  {
    name: 'nested',
    why: 'only the top level is sorted: nested members keep their order, and their nulls',
    body: `{"productInfo":{"skuCode":"s","attributes":[{"b":1,"a":null}],"linearValue":100},${INSTANCE},"activity":"changeInstanceCheck"}`,
    signed: `{"activity":"changeInstanceCheck",${INSTANCE},"productInfo":{"skuCode":"s","attributes":[{"b":1,"a":null}],"linearValue":100}}`,
  },
  {
    name: 'big-numbers',
    why: 'numbers keep their spelling: beyond 2^53, with a zero at the end, with an exponent',
    body: `{"productInfo":{"linearValue":9007199254740993,"price":1.10,"scale":1e5,"zero":-0,"long":123456789012345678901234567890.5},"activity":"changeInstanceCheck",${INSTANCE}}`,
    signed: `{"activity":"changeInstanceCheck",${INSTANCE},"productInfo":{"linearValue":9007199254740993,"price":1.10,"scale":1e5,"zero":-0,"long":123456789012345678901234567890.5}}`,
  },
];

const PARTS: readonly VectorCase[] = [
  { name: 'stamp-in-seconds', why: 'ten digits are seconds (international page); signed as they stand in the URL', body: query('i-1'), timestamp: '1767225600' },
  { name: 'lower-case-signature', why: 'hex is compared without regard to case', body: query('i-1'), signatureCase: 'lower' },
  { name: 'short-nonce', why: 'other kits send nonces of 16 and 32 letters', body: query('i-1'), nonce: 'Of4lsV7H1qrzVDI5' },
  { name: 'encoded-nonce', why: 'the nonce is signed as it reads after percent-decoding once', body: query('i-1'), nonce: 'a+b/c=d e%20f' },
];

export const VECTOR_CASES: readonly VectorCase[] = [...ACTIVITIES, ...TEXTS, ...SHAPES, ...PARTS];
