import { parseDuration } from '../config/duration.ts';
import { KIT_NAMES, KITS } from '../conformance/kits.ts';
import { namesOf } from '../conformance/select.ts';
import { LANGUAGES } from '../conformance/words.ts';
import { invalid, type ValueFlag } from './command.ts';
import { choiceFlag, textFlag } from './flags.ts';
import { REPORT_KINDS, type ReportKind } from './report/kinds.ts';

/** Names that `--only` and `--skip` take, of every kit. */
const NAMES = [...new Set(KIT_NAMES.flatMap((kit) => namesOf(KITS[kit])))];

export const checkFlags = {
  kit: choiceFlag('which interface the address serves; default saas-v2', KIT_NAMES),
  only: listFlag('only these checks and groups, and what they build on'),
  skip: listFlag('leave these checks and groups out'),
  timeout: timeFlag('a call is given up after this time', 20_000, '20s'),
  wait: timeFlag('wait until the address answers by HTTP at all, at most this long', 0, '0s'),
  failOn: choiceFlag('what ends with exit code 1; default failure', ['failure', 'warning']),
  baseline: textFlag('file', 'expected failures: JSON of { "<id>": { "reason": "…", "until": "2026-12-31" } }; - for standard input'),
  lang: choiceFlag('language of the report; default by KOOKEEPER_LANG, LC_ALL, LC_MESSAGES, LANG', LANGUAGES),
  live: { summary: 'also what creates instances: buys, renews, freezes and releases with the simulator, whose order query the seller must use' },
  openApiPort: numberFlag('n', "with --live: loopback port of the simulator's open API", 8092, 65_535),
  sku: textFlag('code', 'with --live: skuCode of what is bought'),
  product: textFlag('id', 'with --live: productId of what is bought'),
  ready: timeFlag('with --live: how long an instance may take until its access data come', 300_000, '5m'),
  seed: numberFlag('n', 'names the orders and instances of the probes: the same number, the same bodies', null, 999_999_999),
  all: { summary: 'a line for passed and skipped checks too' },
  report: reportFlag(),
  reportDir: folderFlag(),
} as const;

function listFlag(summary: string): ValueFlag<readonly string[]> {
  return { value: 'ids', summary: `${summary}; separated by commas`, fallback: [], fallbackText: 'none', choices: NAMES, list: true, parse: listed };
}

function folderFlag(): ValueFlag<string> {
  return { value: 'folder', summary: 'where --report puts them', fallback: 'kookeeper-report', parse: (text) => text };
}

function reportFlag(): ValueFlag<readonly ReportKind[]> {
  return {
    value: 'kinds',
    summary: `also as files: ${REPORT_KINDS.join(', ')}, separated by commas`,
    fallback: [],
    fallbackText: 'none',
    choices: REPORT_KINDS,
    list: true,
    parse: (text) => {
      const named = listed(text).map((name) => REPORT_KINDS.find((kind) => kind === name) ?? name);
      const unknown = named.find((name) => !(REPORT_KINDS as readonly string[]).includes(name));
      if (unknown !== undefined || named.length === 0) throw invalid(`give ${REPORT_KINDS.join(', ')}, or several separated by commas`);
      return REPORT_KINDS.filter((kind) => named.includes(kind));
    },
  };
}

function listed(text: string): readonly string[] {
  return text.split(',').map((id) => id.trim()).filter((id) => id !== '');
}

function timeFlag(summary: string, fallback: number, fallbackText: string): ValueFlag<number> {
  return {
    value: 'time',
    summary: `${summary}, for example 30s`,
    fallback,
    fallbackText,
    parse: (text) => {
      // Where nothing is the default, 0 says so.
      const time = parseDuration(text === '0' && fallback === 0 ? 0 : text);
      if (time === null) throw invalid('give a length of time like 30s or 500ms');
      return time;
    },
  };
}

function numberFlag<F extends number | null>(value: string, summary: string, fallback: F, most: number): ValueFlag<number | F> {
  return {
    value,
    summary,
    fallback,
    ...(fallback === null ? { fallbackText: 'random' } : {}),
    parse: (text) => {
      if (!/^[0-9]{1,9}$/.test(text) || Number(text) > most) throw invalid(`give a whole number of at most ${most}`);
      return Number(text);
    },
  };
}
