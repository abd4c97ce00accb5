import { describe, expect, it } from 'vitest';
import { appInfoLimits } from '../../src/marketplace/saas-v2/info.ts';
import { ACCESS_LIMITS, AccessUnusable, checkAccess } from '../../src/provisioners/access.ts';
import type { TenantAccess } from '../../src/provisioners/provisioner.ts';

const LIMITS = Object.entries(ACCESS_LIMITS).map(([member, max]) => ({ member, max }));
const good: TenantAccess = { frontEndUrl: 'https://app.example.com/t/1', adminUrl: 'https://app.example.com/a', userName: 'admin', password: 'only-for-the-buyer', memo: '备注\n第二行' };
const changed = (change: object): TenantAccess => ({ ...good, ...change });

function problem(access: TenantAccess): string {
  try {
    checkAccess(access);
    return 'none';
  } catch (error) {
    if (!(error instanceof AccessUnusable)) throw error;
    return error.message.split(': ')[1] ?? '';
  }
}

describe('access data of an adapter, before they are sealed', () => {
  it('are handed on as they are when the marketplace takes them', () => {
    expect(checkAccess(good)).toBe(good);
    expect(problem({ frontEndUrl: 'x' })).toBe('none');
    // An adapter without accounts may leave them empty.
    expect(problem(changed({ userName: '', memo: undefined }))).toBe('none');
  });

  it.each(LIMITS)('saas.md §3.3 appInfo.$member · at most $max characters', ({ member, max }) => {
    expect(problem(changed({ [member]: '备'.repeat(max) }))).toBe('none');
    expect(problem(changed({ [member]: 'x'.repeat(max + 1) }))).toBe(`${member} is longer than ${max} characters`);
  });

  it.each(LIMITS)('$member must be text', ({ member }) => {
    for (const value of [7, null, ['x'], { x: 1 }]) expect(problem(changed({ [member]: value }))).toBe(`${member} is not text`);
    expect(problem(changed({ [member]: 'a\uD800' }))).toBe(`${member} has half a character`);
  });

  it('need an address', () => {
    expect(problem(changed({ frontEndUrl: undefined }))).toBe('frontEndUrl is missing');
    expect(problem(changed({ frontEndUrl: '' }))).toBe('frontEndUrl is empty');
  });

  it('are refused without being shown', () => {
    const long = 'only-for-the-buyer'.repeat(100);
    for (const { member } of LIMITS) expect(problem(changed({ [member]: long }))).not.toContain('only-for');
  });

  it('have the limits that the answers have', () => {
    expect(ACCESS_LIMITS).toEqual(appInfoLimits);
  });
});
