import type { Language, Words } from '../../conformance/words.ts';

/** Headings of the report of `kookeeper check`. Ids, flags, codes and JSON are never translated. */
export const HEADINGS = {
  passed: { en: 'passed', zh: '通过' },
  failed: { en: 'failed', zh: '失败' },
  warning: { en: 'warned', zh: '警告' },
  expected: { en: 'expected failures', zh: '预期内失败' },
  skipped: { en: 'skipped', zh: '跳过' },
  of: { en: 'of', zh: '共' },
  rule: { en: 'Rule', zh: '规则' },
  page: { en: 'Page', zh: '页面' },
  sent: { en: 'Sent', zh: '发送' },
  got: { en: 'Got', zh: '收到' },
  want: { en: 'Want', zh: '应为' },
  mend: { en: 'Mend', zh: '修正' },
  again: { en: 'Again', zh: '重试' },
  probesOnly: { en: 'probes only', zh: '仅调测请求' },
  live: { en: 'live: instances are made and released', zh: 'live：会创建并释放实例' },
  debugging: { en: 'Console debugging (调测)', zh: '控制台调测' },
  wouldSave: { en: 'cases would save', zh: '个用例可保存' },
  notTried: { en: 'not tried', zh: '未检查' },
  mistake: { en: 'The seller accepts this wrong signature instead', zh: '该地址接受的是下面这种错误的签名' },
  recovered: { en: 'expected to fail by the baseline, but passed: take out', zh: '基线中预期失败但已通过，请删除' },
  left: { en: 'instances of this run that were not released', zh: '本次运行创建但未能释放的实例' },
  overdue: { en: 'baseline: the date is over for', zh: '基线已过期' },
  interrupted: { en: 'interrupted: what follows is not the whole', zh: '已中断，结果不完整' },
  unreachable: { en: 'the address did not answer: nothing can be said of it', zh: '该地址无应答，无法得出结论' },
  title: { en: 'Conformance report', zh: '一致性检查报告' },
  finished: { en: 'finished', zh: '已完成' },
  verdictPassed: { en: 'Nothing failed', zh: '没有失败项' },
  verdictFailed: { en: 'Something failed', zh: '存在失败项' },
  verdictNone: { en: 'Nothing can be said', zh: '无法得出结论' },
  findings: { en: 'What was found', zh: '发现的问题' },
  checks: { en: 'All checks', zh: '全部检查项' },
  check: { en: 'Check', zh: '检查项' },
  result: { en: 'Result', zh: '结果' },
  seen: { en: 'Seen', zh: '现象' },
  toFindings: { en: 'Skip to what was found', zh: '跳到发现的问题' },
  inBaseline: { en: 'an expected failure by the baseline', zh: '基线中的预期失败' },
  'nothing checked': { en: 'nothing was checked', zh: '未做任何检查' },
} as const satisfies Readonly<Record<string, Words>>;

/** The headings in one language. */
export function headings(language: Language): (heading: keyof typeof HEADINGS) => string {
  return (heading) => HEADINGS[heading][language];
}
