import { expect, test } from 'vitest';

import { displayWidth, pad, visible } from '../../src/cli/width.ts';

test.each([
  ['', 0],
  ['abc', 3],
  ['卖家中心', 8],
  ['（调测）', 8],
  ['ｆｕｌｌ', 8],
  ['한국', 4],
  ['é', 1],
  ['e\u0301', 1],
  ['✗ –', 3],
  ['👩‍💻', 2],
  ['\u001b[31m红\u001b[39m', 2],
  ['\u200b', 0],
])('%j takes %i columns', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test('pads by columns, and leaves longer text alone', () => {
  expect(pad('中文', 6)).toBe('中文  ');
  expect(pad('中文', 6, 'right')).toBe('  中文');
  expect(pad('abcdef', 3)).toBe('abcdef');
});

test('what would steer a terminal is shown as an escape, letters stay', () => {
  expect(visible('a\u001b\r\n\u0085\u202eé中👩‍💻')).toBe(String.raw`a\u001b\u000d\u000a\u0085\u202eé中👩‍💻`);
});
