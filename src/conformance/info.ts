import type { Call } from '../simulator/call.ts';

const ACCESS = { frontEndUrl: 512, adminUrl: 512, userName: 128, password: 128, memo: 1024 } as const;
const USAGE = { relatedInstanceId: 64, statisticalTime: 20, dashboardUrl: 512 } as const;
const ID = 64;
/** A usage is the one member that the tables declare as a number: Double(12,4), at most 20 characters. */
const DIGITS = 20;

export interface Entry {
  readonly instanceId: unknown;
  readonly appInfo: Readonly<Record<string, unknown>>;
  readonly usageInfo: readonly Readonly<Record<string, unknown>>[];
}

/** The entries of a query's `info`, as far as they are objects; none where there is no list. */
export function infoOf({ answer }: Pick<Call, 'answer'>): readonly Entry[] {
  const info = answer?.['info'];
  if (!Array.isArray(info)) return [];
  return info.map(membersOf).map(({ instanceId, appInfo, usageInfo }) => ({ instanceId, appInfo: membersOf(appInfo), usageInfo: Array.isArray(usageInfo) ? usageInfo.map(membersOf) : [] }));
}

/** The first member of `info` that is no text or longer than the table allows (saas.md §2.8, §3.3); null when all keep to it. */
export function tooLongIn(entries: readonly Entry[]): string | null {
  const found = entries.flatMap(({ instanceId, appInfo, usageInfo }) => [
    tooLong('instanceId', instanceId, ID),
    ...Object.entries(ACCESS).map(([name, most]) => tooLong(name, appInfo[name], most)),
    ...usageInfo.flatMap((usage) => [...Object.entries(USAGE).map(([name, most]) => tooLong(name, usage[name], most)), wrongUsage(usage['usageValue'])]),
  ]);
  return found.find((finding) => finding !== null) ?? null;
}

/** The same of the id that a create gives. */
export function wrongId(instanceId: unknown): string | null {
  return tooLong('instanceId', instanceId, ID);
}

function wrongUsage(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text.trim() === '' || !Number.isFinite(Number(text))) return 'usageValue is no number';
  return text.length > DIGITS ? `usageValue has ${text.length} characters` : null;
}

function tooLong(name: string, value: unknown, most: number): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') return `${name} is no text`;
  return value.length > most ? `${name} has ${value.length} characters` : null;
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
