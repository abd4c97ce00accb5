import type { Activity } from '../marketplace/saas-v2/verbs.ts';
import type { AnswerBody } from './verdict.ts';

const PAGES = 'https://support.huaweicloud.com/accessg-marketplace';
const CREATE = `${PAGES}/zh-cn_topic_0070649427.html`;
const QUERY = `${PAGES}/zh-cn_topic_0070649428.html`;
const FAQ = `${PAGES}/access_topic_0000008.html`;
/** The members of usageInfo stand on the page of V1.0 (saas.md §2.8). */
const USAGE = 'https://support.huaweicloud.com/intl/en-us/accessg-marketplace/topic_0070649081.html';

/** One field of an answer: `[]` steps into every element of a list. */
export interface AnswerField {
  readonly at: string;
  /** `yes`: a good answer has it, wherever the object around it is there; a list with something in it. */
  readonly needed: 'yes' | 'no';
  /** Longest text in UTF-16 units; null for what is no text. */
  readonly max: number | null;
  /** A number, or one written as text. */
  readonly number?: true;
  /** Whether it is looked at while the seller answers "being processed" too. */
  readonly early?: true;
  readonly page: string;
}

/** resultMsg is optional in the tables, but the debugger wants it: a rule of its own (`parse`). */
const EVERY: readonly AnswerField[] = [{ at: 'resultMsg', needed: 'no', max: 255, early: true, page: CREATE }];

/** What an answer must and may hold, by activity (saas.md §3.2, §3.3, §6.8); the other activities have the two members of every answer alone. */
export const ANSWER_FIELDS: Partial<Readonly<Record<Activity, readonly AnswerField[]>>> = {
  newInstance: [...EVERY, { at: 'instanceId', needed: 'yes', max: 64, early: true, page: CREATE }],
  queryInstance: [
    ...EVERY,
    // Optional in the table; but the debugger wants the instanceId in it, and a buyer without it sees nothing.
    { at: 'info', needed: 'yes', max: null, page: FAQ },
    { at: 'info[].instanceId', needed: 'yes', max: 64, page: QUERY },
    { at: 'info[].appInfo', needed: 'no', max: null, page: QUERY },
    { at: 'info[].appInfo.frontEndUrl', needed: 'yes', max: 512, page: QUERY },
    { at: 'info[].appInfo.adminUrl', needed: 'no', max: 512, page: QUERY },
    { at: 'info[].appInfo.userName', needed: 'no', max: 128, page: QUERY },
    { at: 'info[].appInfo.password', needed: 'no', max: 128, page: QUERY },
    { at: 'info[].appInfo.memo', needed: 'no', max: 1024, page: QUERY },
    { at: 'info[].usageInfo', needed: 'no', max: null, page: QUERY },
    { at: 'info[].usageInfo[].usageValue', needed: 'yes', max: 20, number: true, page: FAQ },
    { at: 'info[].usageInfo[].statisticalTime', needed: 'yes', max: 20, page: FAQ },
    { at: 'info[].usageInfo[].relatedInstanceId', needed: 'no', max: 64, page: USAGE },
    { at: 'info[].usageInfo[].dashboardUrl', needed: 'no', max: 512, page: USAGE },
  ],
};

/** The fields that a call's answer is looked through for. */
export function fieldsOf(verb: string, early: boolean): readonly AnswerField[] {
  const fields = Object.hasOwn(ANSWER_FIELDS, verb) ? (ANSWER_FIELDS[verb as Activity] ?? EVERY) : EVERY;
  return early ? fields.filter((field) => field.early) : fields;
}

/** The first field that is needed and not there. */
export function missingField(answer: AnswerBody, fields: readonly AnswerField[]): AnswerField | null {
  return fields.find((field) => field.needed === 'yes' && valuesAt(answer, field.at).some((value) => isMissing(value, field))) ?? null;
}

/** The first field whose text is too long, with its length. */
export function tooLongField(answer: AnswerBody, fields: readonly AnswerField[]): { readonly field: AnswerField; readonly length: number } | null {
  for (const field of fields) {
    const length = Math.max(0, ...valuesAt(answer, field.at).map((value) => (typeof value === 'string' || typeof value === 'number' ? String(value).length : 0)));
    if (field.max !== null && length > field.max) return { field, length };
  }
  return null;
}

/** The name by which the debugger calls a field. */
export function nameOf({ at }: AnswerField): string {
  return at.slice(at.lastIndexOf('.') + 1);
}

/** The values in that place, `undefined` where the object around it is there and it is not; nothing where that object is missing. */
function valuesAt(answer: AnswerBody, at: string): readonly unknown[] {
  return at.split('.').reduce<readonly unknown[]>((values, step) => {
    const name = step.replace('[]', '');
    const found = values.filter((value) => typeof value === 'object' && value !== null && !Array.isArray(value)).map((value) => (value as AnswerBody)[name]);
    // An element that is no object has none of its fields.
    return step === name ? found : found.flatMap((list) => (Array.isArray(list) ? list.map((entry: unknown) => (typeof entry === 'object' && entry !== null ? entry : {})) : []));
  }, [answer]);
}

function isMissing(value: unknown, { max, number }: AnswerField): boolean {
  if (max === null) return !Array.isArray(value) || value.length === 0;
  return value === '' || (typeof value !== 'string' && !(number === true && typeof value === 'number'));
}
