/** What was pasted is no call that could be checked. The message says what to give; it holds nothing of the text. */
export class CaptureRefused extends Error {
  override readonly name = 'CaptureRefused';
  readonly code = 'BAD_CAPTURE';
}
