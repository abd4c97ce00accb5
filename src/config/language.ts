const VARIABLES = ['KOOKEEPER_LANG', 'LC_ALL', 'LC_MESSAGES', 'LANG'] as const;

/**
 * The language of words that a person reads: the first of these variables that is set and not empty decides, as in POSIX; `zh`, `zh_CN.UTF-8` and
 * the like are Chinese, everything else English.
 */
export function languageOf(env: Readonly<Record<string, string | undefined>>): 'en' | 'zh' {
  const first = VARIABLES.map((name) => env[name]).find((value) => value !== undefined && value !== '');
  return first !== undefined && /^zh(?:[_.@-]|$)/i.test(first) ? 'zh' : 'en';
}
