import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

import { ConfigError, formatConfigError, type Problem } from '../../src/config/config-error.ts';
import { loadConfig, type LoadOptions } from '../../src/config/load.ts';
import type { Need } from '../../src/config/types.ts';

/** Distinct, unlike any other word: a test can look for any part of them in what is printed. */
export const secrets = {
  KOOGALLERY_BASE_KEY: 'Qw7zBASEkey91',
  KOOGALLERY_KIT_KEY: 'Vx3kKITkey82',
  KOOGALLERY_LICENSE_KEY: 'Mn5lLICkey73',
  KOOGALLERY_COMMON_KEY: 'Jh8cCOMkey64',
  KOOGALLERY_AK: 'ZAK55ppq',
  KOOGALLERY_SK: 'ZSK66rrt',
  KOOKEEPER_SECRET: 'f3a9c1d7e5b2486097ac31de85f04b62',
  KOOKEEPER_OPERATOR_TOKEN: 'tokYYgg77uuiikk88',
  KOOKEEPER_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
} as const;

export const databaseUrl = 'postgres://ownerXq:passWw99@db.internal:5433/keeper?sslpassword=extraPp11';

/** Shown without its path and query. */
export const webhookUrl = 'https://hooks.example.cn:8443/pathTt22zz?token=queryUu33yy';

export const webhookSecrets = ['pathTt22zz', 'queryUu33yy'] as const;

/** What of that URL nobody may see. */
export const databaseSecrets = ['ownerXq', 'passWw99', 'extraPp11'] as const;

/** A folder that is gone after the test, with these files in it. */
export function folder(files: Readonly<Record<string, string>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'kookeeper-config-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

/** The problems of a configuration that must not load. */
export async function problemsOf<N extends Need>(options: Omit<LoadOptions<N>, 'cwd'> & { cwd?: string }): Promise<readonly Problem[]> {
  return (await errorOf(options)).problems;
}

export async function errorOf<N extends Need>(options: Omit<LoadOptions<N>, 'cwd'> & { cwd?: string }): Promise<ConfigError> {
  try {
    await loadConfig({ cwd: '/srv', ...options });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration loaded, and must not have');
}

/** Every way an error reaches a person or a log. */
export function textOf(error: ConfigError): string {
  return [formatConfigError(error), error.message, String(error.stack), JSON.stringify(error)].join('\n');
}

/** Throws if any run of `length` characters of a secret stands in the text. */
export function expectNothingOf(text: string, values: readonly string[], length = 5): void {
  for (const value of values) {
    for (let start = 0; start + length <= value.length; start++) {
      const part = value.slice(start, start + length);
      if (text.includes(part)) throw new Error(`a part of a secret is shown: …${part}… in\n${text}`);
    }
  }
}
