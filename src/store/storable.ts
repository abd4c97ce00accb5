/** The text as both databases take it: PostgreSQL's `text` and `jsonb` refuse NUL and half a surrogate pair, which foreign text may hold. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
