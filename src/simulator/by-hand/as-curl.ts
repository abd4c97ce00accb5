import type { SignedRequest } from '../request.ts';

/** The body holds what no command line can carry. */
export class NotForCurl extends Error {
  override readonly name = 'NotForCurl';
  readonly code = 'NOT_FOR_CURL';
  constructor() {
    super('this body is not text, so no command line can carry it: use `kookeeper send`');
  }
}

/** The request as a curl command for sh and bash. It holds for 60 s, as every signature does. Throws NotForCurl. */
export function asCurl({ method, url, headers, body }: SignedRequest): string {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(body);
  if (text.includes('\0') || !Buffer.from(text).equals(body)) throw new NotForCurl();
  const lines = Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`);
  // --data-raw: --data would take a body that begins with @ for the name of a file.
  return [`curl -i -X ${method} ${quote(url)}`, ...lines, `--data-raw ${quote(text)}`].join(' \\\n  ');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
