import { CaptureRefused } from './capture-refused.ts';
import { NotShell, shellWords } from './shell-words.ts';

const BODY = new Set(['-d', '--data', '--data-raw', '--data-binary', '--data-ascii', '--json']);
/** These make a body that is not the text given. */
const OTHER_BODY = new Set(['--data-urlencode', '-F', '--form', '--form-string', '-T', '--upload-file', '-G', '--get']);
/** Take a value that says nothing of the signature. */
const WITH_VALUE = new Set(
  ['-X --request -H --header -o --output -u --user -A --user-agent -e --referer -b --cookie -c --cookie-jar -m --max-time -x --proxy -w --write-out -E --cert -K --config'].flatMap((names) => names.split(' ')).concat(
    ['--connect-timeout', '--retry', '--retry-delay', '--cacert', '--capath', '--key', '--resolve', '--interface', '--ciphers', '--tls-max', '--max-redirs', '--connect-to', '--trace', '--trace-ascii'],
  ),
);

export interface CurlCall {
  readonly url: string;
  /** Null when it stands in a file. */
  readonly body: string | null;
}

/** URL and body of a curl command as a browser, the console or `kookeeper sign --as curl` writes it. Throws CaptureRefused with what to do instead. */
export function readCurl(command: string): CurlCall {
  const words = split(command);
  const urls: string[] = [];
  const bodies: (string | null)[] = [];
  for (let at = 1; at < words.length; at += 1) {
    const [option, attached] = optionOf(words[at] ?? '');
    if (OTHER_BODY.has(option)) throw new CaptureRefused(`curl's ${option} makes a body of its own: give the body as it was sent, with --data-raw`);
    const value = (): string => attached ?? words[(at += 1)] ?? '';
    if (BODY.has(option)) bodies.push(bodyOf(option, value()));
    else if (option === '--url') urls.push(value());
    else if (WITH_VALUE.has(option)) value();
    else if (!option.startsWith('-') || option === '-') urls.push(option);
  }
  const [url, another] = urls;
  if (url?.startsWith('^') || another === '^') throw new CaptureRefused(WINDOWS);
  if (url === undefined) throw new CaptureRefused('the curl command has no URL');
  if (another !== undefined) throw new CaptureRefused('the curl command has more than one URL, or an option that is not known here: leave only the URL, -H and --data-raw');
  return { url, body: bodies.includes(null) ? null : bodies.join('&') };
}

/** Its caret takes the place of the backslash; browsers offer both forms. */
const WINDOWS = 'this is a command for the Windows shell: copy it as cURL (bash)';

function split(command: string): string[] {
  try {
    return shellWords(command);
  } catch (error) {
    if (error instanceof NotShell) throw new CaptureRefused(/\^["\r\n]/.test(command) ? WINDOWS : `the curl command is not whole: ${error.message}`);
    throw error;
  }
}

/** A short option may carry its value: `-XPOST`. */
function optionOf(word: string): readonly [option: string, attached?: string] {
  const short = word.slice(0, 2);
  if (word.startsWith('--') || word.length < 3 || !word.startsWith('-')) return [word];
  if (BODY.has(short) || WITH_VALUE.has(short)) return [short, word.slice(2)];
  // Several in one word, as -sSd: only the last may take a value.
  const last = `-${word.at(-1)}`;
  return BODY.has(last) || WITH_VALUE.has(last) || OTHER_BODY.has(last) ? [last] : [word];
}

function bodyOf(option: string, value: string): string | null {
  return option !== '--data-raw' && value.startsWith('@') ? null : value;
}
