import { createHmac } from 'node:crypto';

/**
 * The receiver's side of saas.md §4.4 once more, apart from the code under test: it reads no JSON at all, but cuts the text of the body into its
 * top-level members, and so cannot share a fault with a reader.
 */
export function holds({ accessKey, query, body }: { readonly accessKey: string; readonly query: { readonly signature: string; readonly timestamp: string; readonly nonce: string }; readonly body: Buffer }): 'raw' | 'reserialised' | null {
  const expected = (payload: Buffer | string): string => {
    const inner = createHmac('sha256', accessKey).update(payload).digest('hex');
    return createHmac('sha256', accessKey).update(accessKey).update(query.nonce).update(query.timestamp).update(inner).digest('hex');
  };
  const given = query.signature.toLowerCase();
  if (given === expected(body)) return 'raw';
  return given === expected(sorted(body.toString())) ? 'reserialised' : null;
}

/** Strings are one piece each, blanks between pieces are dropped. */
export function sorted(text: string): string {
  const pieces = text.match(/"(?:[^"\\]|\\.)*"|[^\s"]/g) ?? [];
  const members: string[][] = [[]];
  let depth = 0;
  for (const piece of pieces.slice(1, -1)) {
    if (piece === '{' || piece === '[') depth += 1;
    if (piece === '}' || piece === ']') depth -= 1;
    if (piece === ',' && depth === 0) members.push([]);
    else members.at(-1)?.push(piece);
  }
  const kept = members.filter((member) => member.slice(2).join('') !== 'null');
  return `{${kept.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)).map((member) => member.join('')).join(',')}}`;
}
