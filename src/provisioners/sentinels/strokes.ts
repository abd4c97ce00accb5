import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireInstanceId } from '../instance-id.ts';

/** How often a sentinel has struck an instance: kept as empty files beside the tenants, so that a restart does not begin anew. */
export interface Strokes {
  /** Whether this attempt is one of the first `attempts`; each is struck once, whatever processes share the folder. */
  strike(instanceId: string, verb: 'create' | 'change', attempts: number): boolean;
  forget(instanceId: string): void;
}

export function strokesIn(folder: string): Strokes {
  return {
    strike(instanceId, verb, attempts) {
      requireInstanceId(instanceId);
      if (attempts === Infinity) return true;
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      for (let nth = 1; nth <= attempts; nth += 1) if (claim(join(folder, `${prefixOf(instanceId)}${verb}.${nth}`))) return true;
      return false;
    },
    forget(instanceId) {
      requireInstanceId(instanceId);
      for (const name of namesIn(folder)) if (name.startsWith(prefixOf(instanceId))) rmSync(join(folder, name), { force: true });
    },
  };
}

/** The dots keep them from being taken for a tenant, and those of one id from those of a longer one. */
function prefixOf(instanceId: string): string {
  return `.${instanceId}.sentinel.`;
}

/** False when it was there already. */
function claim(path: string): boolean {
  try {
    writeFileSync(path, '', { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
