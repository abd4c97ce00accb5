import type { Setting } from '../../src/config/settings.ts';
import { allSettings } from '../../src/config/settings.ts';
import { formatDuration } from '../../src/config/duration.ts';
import { KITS } from '../../src/conformance/kits.ts';
import { RULES } from '../../src/conformance/rules.ts';
import { HAND } from '../../src/lifecycle/hand.ts';
import { CHANGE_CHECK, TRANSITIONS } from '../../src/lifecycle/transitions.ts';
import { resultCodes } from '../../src/marketplace/result-codes.ts';
import { replies } from '../../src/marketplace/saas-v2/replies.ts';
import { STEPS } from '../../src/rehearsal/steps.ts';
import { verbs } from '../../src/marketplace/saas-v2/verbs.ts';
import { SENTINELS } from '../../src/provisioners/sentinels/sentinels.ts';
import { ANSWER_FIELDS } from '../../src/simulator/answer-fields.ts';
import { DEBUGGER_MESSAGES } from '../../src/simulator/debugger-messages.ts';
import { DISORDERS } from '../../src/simulator/disorder.ts';
import { USAGE_PUSH_TROUBLES } from '../../src/simulator/open-api/trouble.ts';
import { RECORD_CODES } from '../../src/simulator/open-api/usage-codes.ts';
import { PATIENCE } from '../../src/simulator/platform/levels.ts';
import { PLATFORM_RULES } from '../../src/simulator/platform/rules.ts';
import { RETRY_PLANS } from '../../src/simulator/retry-plans.ts';
import { RULES as VERDICT_RULES } from '../../src/simulator/verdict.ts';

/** The tables of the reference pages, written from the data that the program itself reads. The pages hold them between `<!-- table: name -->` and `<!-- end -->`. */
export const tables = {
  transitions: () => {
    const phases = ['creating', 'active', 'frozen', 'released', 'failed'] as const;
    const rows = Object.entries(TRANSITIONS).map(([command, { page, in: verdicts }]) => [command, ...phases.map((phase) => verdicts[phase]), `[page](${page})`]);
    rows.push(['check a change (a question)', ...phases.map((phase) => CHANGE_CHECK.in[phase]), `[page](${CHANGE_CHECK.page})`]);
    return table(['command', ...phases, 'KooGallery says'], rows);
  },
  hand: () => table(['action', 'in', 'what it does'], Object.entries(HAND).map(([kind, { does, in: phases }]) => [`\`${commandName(kind)}\``, phases.length === 5 ? 'any phase' : phases.join(', '), does])),
  activities: () => table(['activity', 'what it is', 'column', 'KooGallery says'], Object.entries(verbs).map(([name, { kind, answers, page }]) => [`\`${name}\``, kind, answers, `[page](${page})`])),
  replies: () => {
    const columns = ['create', 'change', 'others', 'query'] as const;
    return table(['outcome', ...columns], Object.entries(replies).map(([outcome, row]) => [outcome, ...columns.map((column) => cell(row[column]))]));
  },
  'rehearsal-steps': () => table(['step', 'who', 'what happens', 'fields'], Object.entries(STEPS).map(([name, { who, does, fields }]) => [`\`${name}\``, who, does, Object.keys(fields).map((field) => `\`${field}\``).join(', ') || '–'])),
  codes: () => table(['code', 'message'], Object.entries(resultCodes).map(([code, { meaning, page }]) => [`[${code}](${page})`, meaning])),
  checks: () =>
    table(
      ['check', 'what is sent or looked at', 'wanted', 'severity', 'needs', 'rule'],
      KITS['saas-v2'].map(({ id, title, want, severity, needs, rule }) => [`\`${id}\``, title.en, want, severity, needs === 'live' ? '`--live`' : '–', `[${rule}](${RULES[rule].page})`]),
    ),
  'check-rules': () => table(['rule', 'what it says', 'how to mend it', 'source'], Object.entries(RULES).map(([id, { rule, mend, page, mark }]) => [id, rule.en, mend.en, `[${mark}](${page})`])),
  'simulator-retries': () =>
    table(
      ['call', 'repeated every', 'for', 'then', 'known from'],
      Object.entries(RETRY_PLANS).map(([verb, [{ every, during, ending, mark, page }]]) => [
        `\`${verb}\``,
        every === 0 ? 'never' : formatDuration(every),
        every === 0 ? '–' : formatDuration(during),
        { unsubscribed: 'unsubscribed and refunded', manual: 'left to a person', nothing: 'nothing' }[ending],
        `${{ doc: 'its page', sibling: 'the page of a sibling', inferred: 'inferred' }[mark]} ([page](${page}))`,
      ]),
    ),
  'simulator-platform': () => table(['rule', 'what it does', 'known from'], Object.entries(PLATFORM_RULES).map(([rule, { says, mark, page }]) => [`\`${rule}\``, says, `${mark === 'doc' ? 'its page' : 'inferred'} ([page](${page}))`])),
  'simulator-levels': () =>
    table(
      ['customer level', 'period: grace', 'period: retention', 'on-demand package: grace', 'on-demand package: retention'],
      Object.entries(PATIENCE).map(([level, { period, onDemand }]) => [level, ...[period, onDemand].flatMap(({ grace, retention }) => [`${grace}d`, `${retention}d`])]),
    ),
  'simulator-verdicts': () =>
    table(
      ['verdict', 'what the debugger shows', 'in English', 'page'],
      VERDICT_RULES.map(({ id, message, page }) => [`\`${id}\``, ...(message === null ? ['nothing', '–'] : [DEBUGGER_MESSAGES[message].zh, DEBUGGER_MESSAGES[message].en]), `[page](${page})`]),
    ),
  'simulator-fields': () =>
    table(
      ['activity', 'field of the answer', 'needed', 'longest', 'page'],
      Object.entries(ANSWER_FIELDS).flatMap(([activity, fields]) => fields.map(({ at, needed, max, page }) => [`\`${activity}\``, `\`${at}\``, needed, max === null ? '–' : String(max), `[page](${page})`])),
    ),
  'simulator-usage-codes': () => table(['code', 'what is wrong with the record', 'page'], Object.entries(RECORD_CODES).map(([code, { says, page }]) => [code, says, `[page](${page})`])),
  'simulator-usage-troubles': () => table(['trouble', 'what happens'], Object.entries(USAGE_PUSH_TROUBLES).map(([name, says]) => [`\`${name}\``, says])),
  'simulator-disorders': () => table(['trouble', 'what happens'], Object.entries(DISORDERS).map(([name, says]) => [`\`${name}\``, says])),
  sentinels: () => table(['SKU', 'what the provisioner does', 'what KooGallery hears', 'what you see'], Object.entries(SENTINELS).map(([sku, { does, marketplace, operator }]) => [`\`${sku}\``, does, marketplace, operator])),
  variables: () => settingsTable(allSettings.filter(({ variable }) => variable !== null)),
  'file-only': () => settingsTable(allSettings.filter(({ variable }) => variable === null)),
} as const satisfies Record<string, () => string>;

/** As the command line spells it. */
function commandName(kind: string): string {
  return kind.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function cell(reply: (typeof replies)['done']['create']): string {
  if (reply === null) return '–';
  return `${reply.code === 'outcome' ? 'its own code' : `\`${reply.code}\``}${reply.with === undefined ? '' : ` with \`${reply.with}\``}`;
}

function settingsTable(settings: readonly Setting<unknown>[]): string {
  const rows = settings.map(({ path, variable, secret, inFile, requiredBy, fallback, mend }) => [
    variable === null ? `\`${path}\`` : `\`${variable}\`${secret ? ' (or `_FILE`)' : ''}`,
    ...(variable === null ? [] : [inFile ? `\`${path}\`` : '–', requiredBy.map((need) => `\`${need}\``).join(', ') || '–']),
    shown(path, fallback),
    mend,
  ]);
  const [first] = settings;
  return table(first?.variable === null ? ['in the file', 'default', 'what to give'] : ['variable', 'in the file', 'needed by', 'default', 'what to give'], rows);
}

function shown(path: string, fallback: unknown): string {
  if (typeof fallback === 'number' && path.startsWith('clocks.')) return formatDuration(fallback);
  return typeof fallback === 'string' || typeof fallback === 'number' ? String(fallback) : '–';
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(titles), `|${titles.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
