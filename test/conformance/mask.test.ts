import { describe, expect, it } from 'vitest';
import { maskOf, withoutAccessData } from '../../src/conformance/mask.ts';

describe('known secrets', () => {
  const mask = maskOf(['k/1+"x"', '', 'abc&def']);

  it.each([
    ['as it is', 'key k/1+"x" is wrong', 'key *** is wrong'],
    ['in other case', 'K/1+"X"', '***'],
    ['escaped for JSON', JSON.stringify({ key: 'k/1+"x"' }), '{"key":"***"}'],
    ['escaped for a URL', `?key=${encodeURIComponent('k/1+"x"')}`, '?key=***'],
    ['escaped for HTML', 'abc&amp;def', '***'],
    ['as base64', Buffer.from('k/1+"x"').toString('base64'), '***'],
  ])('are masked %s', (_, text, masked) => {
    expect(mask(text)).toBe(masked);
  });

  it('leave everything else, also when there are none', () => {
    expect(mask('abcdef')).toBe('abcdef');
    expect(maskOf(['', ''])('abc')).toBe('abc');
  });
});

describe('access data of an answer', () => {
  it.each([
    ['members of appInfo', '{"appInfo":{"frontEndUrl":"https://x","userName":"u","password":"p\\"q"}}', '{"appInfo":{"frontEndUrl":"***","userName":"***","password":"***"}}'],
    ['what is named like a secret', '{"accessToken" : "t","dbPassword":12,"licenseKey":"l","other":"o"}', '{"accessToken" : "***","dbPassword":"***","licenseKey":"***","other":"o"}'],
    ['JSON that stands as text in JSON', JSON.stringify({ info: JSON.stringify({ password: 'p', a: 'b' }) }), '{"info":"{\\"password\\":"***",\\"a\\":\\"b\\"}"}'],
    ['a value that was cut off', '{"password":"half of i', '{"password":"***"'],
  ])('are masked: %s', (_, text, masked) => {
    expect(withoutAccessData(text)).toBe(masked);
  });
});
