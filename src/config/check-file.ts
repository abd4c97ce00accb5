import type { Problem } from './config-error.ts';
import { didYouMean } from './nearest.ts';
import { isRecord, type FileContent } from './read-file.ts';
import { allSettings } from './settings.ts';

/** Finds what has no place in a configuration file whoever reads it: unknown keys, secrets, and URLs that hold a password. */
export function checkFile(content: FileContent): Problem[] {
  return [...unknownKeys(content, ''), ...passwords(content, '')];
}

function unknownKeys(content: FileContent, prefix: string): Problem[] {
  return Object.entries(content).flatMap(([key, value]): Problem[] => {
    const path = prefix + key;
    if (allSettings.some((setting) => setting.inFile && setting.path === path)) return [];
    const secret = allSettings.find((setting) => !setting.inFile && (setting.path === path || setting.path.startsWith(`${path}.`)));
    if (allSettings.some((setting) => setting.inFile && setting.path.startsWith(`${path}.`))) {
      if (isRecord(value)) return unknownKeys(value, `${path}.`);
      const mend = `Write ${path}: { … } with ${names(`${path}.`).join(', ')}.`;
      return [{ kind: 'invalid', path, variable: null, cause: 'is not an object', mend }];
    }
    if (secret) {
      const name = secret.variable;
      const mend = `Take it out of the file, set ${name} or ${name}_FILE, and replace the secret if the file was shared.`;
      return [{ kind: 'invalid', path, variable: null, cause: 'is a secret, and secrets are never read from the file', mend }];
    }
    const known = names(prefix);
    const cause = `is not a setting${didYouMean(key, known)}`;
    return [{ kind: 'unknown', path, variable: null, cause, mend: `Known here: ${known.join(', ')}.` }];
  });
}

/** The keys that may stand in the file under this prefix. */
function names(prefix: string): string[] {
  const rest = allSettings
    .filter(({ inFile, path }) => inFile && path.startsWith(prefix))
    .map(({ path }) => path.slice(prefix.length).replace(/\..*$/, ''));
  return [...new Set(rest)];
}

function passwords(value: unknown, path: string): Problem[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => passwords(item, `${path}[${index}]`));
  if (isRecord(value)) return Object.entries(value).flatMap(([key, item]) => passwords(item, path === '' ? key : `${path}.${key}`));
  if (typeof value !== 'string' || !/^[a-z][a-z0-9+.-]*:\/\/(\S*:\S*@|\S*[?&]password=)/i.test(value)) return [];
  const mend =
    path === 'database'
      ? 'Take it out of the file and set DATABASE_URL or DATABASE_URL_FILE.'
      : "Write { fromEnvironment: 'NAME' } in its place and set NAME or NAME_FILE.";
  return [{ kind: 'invalid', path, variable: null, cause: 'is a URL with a password, and secrets are never read from the file', mend }];
}
