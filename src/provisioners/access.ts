import type { TenantAccess } from './provisioner.ts';

/** Longest texts that the marketplace takes, in UTF-16 units (saas.md §3.3). The first must be there. */
export const ACCESS_LIMITS = { frontEndUrl: 512, adminUrl: 512, userName: 128, password: 128, memo: 1024 } as const satisfies Record<keyof TenantAccess, number>;

/** The adapter's access data cannot be handed to the buyer. Temporary like any fault of an adapter: mended, its next attempt finds the tenant and adopts it. */
export class AccessUnusable extends Error {
  override readonly name = 'AccessUnusable';
  readonly code = 'ACCESS_UNUSABLE';
  constructor(member: string, problem: string) {
    super(`the provisioner's access data cannot be handed out: ${member} ${problem}`);
  }
}

/** Checks what `create` gave before it is sealed: afterwards nobody would see that the buyer gets no way in. Throws AccessUnusable, naming the member and never its value. */
export function checkAccess(access: TenantAccess): TenantAccess {
  const given: Readonly<Record<string, unknown>> = { ...access };
  for (const [name, max] of Object.entries(ACCESS_LIMITS)) {
    const text = given[name];
    if (text === undefined && name !== 'frontEndUrl') continue;
    if (typeof text !== 'string') throw new AccessUnusable(name, text === undefined ? 'is missing' : 'is not text');
    if (text === '' && name === 'frontEndUrl') throw new AccessUnusable(name, 'is empty');
    if (text.length > max) throw new AccessUnusable(name, `is longer than ${max} characters`);
    if (!text.isWellFormed()) throw new AccessUnusable(name, 'has half a character');
  }
  return access;
}
