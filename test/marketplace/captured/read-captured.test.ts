import { describe, expect, it, test } from 'vitest';
import { readCaptured } from '../../../src/marketplace/captured/read-captured.ts';

const URL_ = 'https://isv.example.com/saas?signature=AB&timestamp=1767225600123&nonce=a%2Bb';
const QUERY = { signature: 'AB', timestamp: '1767225600123', nonce: 'a+b' };
const BODY = '{"activity":"queryInstance","instanceId":"it\'s \\"x\\" 实例"}';
const read = (text: string, body: Uint8Array | null = null) => {
  const call = readCaptured(text, body);
  return { query: call.query, body: Buffer.from(call.body).toString() };
};

describe('a pasted call', () => {
  test.each([
    ['curl with quotes of sh', `curl -X POST '${URL_}' -H 'Accept: application/json' --data-raw '${BODY.replaceAll("'", `'\\''`)}'`],
    ['curl as browsers copy it', `curl '${URL_}' \\\n  -H 'content-type: application/json' \\\n  --compressed --insecure \\\n  --data-raw $'${BODY.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('实', '\\u5b9e')}'`],
    ['curl with double quotes and CRLF', `curl -sS -XPOST "${URL_}" \\\r\n -H "Accept: x" -d "${BODY.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`],
    ['curl with --url and --json', `curl --url ${URL_.replaceAll('&', '\\&')} --json '${BODY.replaceAll("'", `'"'"'`)}' -o out.txt`],
    ['curl as Postman writes it, with a prompt', `$ curl --location --request POST '${URL_}' --header 'Accept: x' --data '${BODY.replaceAll("'", `'\\''`)}'`],
    ['curl.exe', `curl.exe "${URL_}" --data-binary "${BODY.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`],
    ['a link with the body below it', `${URL_}\n\n${BODY}\n`],
    ['a path with the body below it', `/saas?signature=AB&timestamp=1767225600123&nonce=a%2Bb\r\n${BODY}`],
    ['JSON with url', JSON.stringify({ url: URL_, body: BODY })],
    ['JSON with query', JSON.stringify({ query: QUERY, body: BODY })],
    ['JSON with the bytes in Base64', JSON.stringify({ url: URL_, body: 'not this', bodyBase64: Buffer.from(BODY).toString('base64') })],
    ['JSON with a body that is an object', `{"url":"${URL_}","body":{"instanceId":"it's \\"x\\" 实例","activity":"queryInstance","orderId":null}}`],
  ])('is read from %s', (_form, text) => {
    expect(read(text)).toEqual({ query: QUERY, body: BODY });
  });

  it('takes the body from its own file, byte for byte, whatever the form says', () => {
    const bytes = Uint8Array.from([0x7b, 0xff, 0x7d]);
    expect([...readCaptured(URL_, bytes).body]).toEqual([...bytes]);
    expect([...readCaptured(`curl '${URL_}' -d @body.json`, bytes).body]).toEqual([...bytes]);
  });

  it('keeps the spelling of numbers in a JSON body that is an object', () => {
    expect(read(`{"url":"${URL_}","body":{"b":9007199254740993,"a":1.10}}`).body).toBe('{"a":1.10,"b":9007199254740993}');
  });

  it('joins several data options as curl does, and counts the first of a repeated parameter', () => {
    expect(read(`curl '${URL_}&nonce=second' -d a -d b`)).toEqual({ query: QUERY, body: 'a&b' });
  });

  test.each([
    ['words', 'hello there', /give a curl command/],
    ['a link without a body', URL_, /has no body/],
    ['a body in a file', `curl '${URL_}' -d @body.json`, /stands in a file/],
    ['a form', `curl '${URL_}' -F a=b`, /--data-raw/],
    ['parameters by -G', `curl -G '${URL_}' -d a=b`, /--data-raw/],
    ['an open quote', `curl '${URL_}`, /not whole/],
    ['no URL', `curl -X POST -d x`, /no URL/],
    ['two URLs', `curl '${URL_}' other`, /more than one URL/],
    ['the Windows shell', `curl ^"${URL_}^" ^\r\n -d x`, /cURL \(bash\)/],
    ['the Windows shell of older browsers', `curl "${URL_}" ^\r\n  -H "a: b" ^\r\n  -d x`, /cURL \(bash\)/],
    ['the Windows shell with an odd quote', `curl ^"${URL_}^" ^\r\n --data-raw ^"{\\^"a^"`, /cURL \(bash\)/],
    ['JSON without a URL', '{"body":"x"}', /neither/],
    ['JSON without a body', `{"url":"${URL_}"}`, /no "body"/],
    ['broken JSON', '{"url":', /not JSON/],
  ])('is refused with what to do instead: %s', (_what, text, message) => {
    expect(() => readCaptured(text)).toThrow(expect.objectContaining({ code: 'BAD_CAPTURE', message: expect.stringMatching(message) }));
  });
});
