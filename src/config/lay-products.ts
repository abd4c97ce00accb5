import type { Problem } from './config-error.ts';
import type { ProductRow } from './products-file.ts';
import { isRecord } from './read-file.ts';
import type { Clocks, Need, Product } from './types.ts';
import { readVariable, type Environment } from './variables.ts';

type Options = Readonly<Record<string, unknown>>;

interface Ground {
  readonly clocks: Clocks;
  readonly env: Environment;
  readonly cwd: string;
  readonly need: Need;
  readonly problems: Problem[];
}

/** Lays each product's clocks over the general ones and reads the secrets its provisioner names. */
export function layProducts(rows: readonly ProductRow[], ground: Ground): readonly Product[] {
  return rows.map((row, index) => ({
    ...row,
    provisioner: {
      kind: row.provisioner.kind,
      options: readSecrets(row.provisioner.options, `products[${index}].provisioner.options`, ground),
    },
    clocks: overlay(ground.clocks, row.clocks),
  }));
}

function overlay(general: Clocks, own: ProductRow['clocks']): Clocks {
  return {
    warn: own.warn ?? general.warn,
    graceStated: own.graceStated ?? general.graceStated,
    graceEstimated: own.graceEstimated ?? general.graceEstimated,
    retention: own.retention ?? general.retention,
    keep: own.keep ?? general.keep,
    createWindow: own.createWindow ?? general.createWindow,
    onExpiry: own.onExpiry ?? general.onExpiry,
    onRetention: own.onRetention ?? general.onRetention,
    onFailing: own.onFailing ?? general.onFailing,
  };
}

/** Only who runs provisioners reads them: the API must start without a tenant database's password. */
function readSecrets(options: Options, path: string, { env, cwd, need, problems }: Ground): Options {
  if (need !== 'worker' && need !== 'serve') return options;
  const read: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(options)) {
    const name = isRecord(value) ? value['fromEnvironment'] : undefined;
    if (name === undefined) {
      read[key] = value;
    } else if (typeof name !== 'string' || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      const cause = 'does not name an environment variable';
      problems.push({ kind: 'invalid', path: `${path}.${key}`, variable: null, cause, mend: "Write { fromEnvironment: 'NAME' }." });
    } else {
      const found = readVariable(env, name, true, cwd);
      if (found.is === 'found') read[key] = found.text;
      else if (found.is === 'problem') problems.push({ path: `${path}.${key}`, ...found.problem });
      else {
        const mend = `The configuration file takes this option from it: set ${name} or ${name}_FILE.`;
        problems.push({ kind: 'missing', path: `${path}.${key}`, variable: name, cause: 'is missing', mend });
      }
    }
  }
  return read;
}
