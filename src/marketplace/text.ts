/**
 * Whether every database keeps the text as it is: PostgreSQL takes neither NUL nor half a surrogate pair, and no id has control
 * characters.
 */
export function storable(text: string): boolean {
  return text.isWellFormed() && !/\p{Cc}/u.test(text);
}
