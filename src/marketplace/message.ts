/**
 * Makes any text fit for `resultMsg`: printable ASCII, at most 255 characters. The Seller Console shows it among the interface messages
 * (生产接口消息), and its column is 255 wide (saas.md §3.1, §5).
 */
export function asciiMessage(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, '?').slice(0, 255);
}
