import { html } from 'hono/html';
import { z } from 'zod';
import { readSetting } from '../setting.ts';
import type { Html } from './text.ts';

/** A field of an action's input as the action's own schema describes it. */
export interface Field {
  readonly name: string;
  readonly title: string;
  readonly kind: 'text' | 'number' | 'choice' | 'several' | 'switch';
  readonly choices: readonly string[];
  readonly fallback: unknown;
  readonly min: number | null;
  readonly max: number | null;
}

const described = z.looseObject({
  type: z.string().optional(),
  title: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  items: z.looseObject({ enum: z.array(z.string()).optional() }).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

/** In the order of the schema. */
export function fieldsOf(input: z.ZodType): readonly Field[] {
  const { properties = {} } = z.toJSONSchema(input, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const { type, title = name, default: fallback, enum: one, items, minimum: min = null, maximum: max = null } = described.parse(property);
    const kind = type === 'boolean' ? 'switch' : type === 'integer' ? 'number' : type === 'array' ? 'several' : one === undefined ? 'text' : 'choice';
    // What JSON cannot hold exactly is no limit that a person should read.
    return { name, title, kind, choices: one ?? items?.enum ?? [], fallback, min, max: max === Number.MAX_SAFE_INTEGER ? null : max };
  });
}

/** `id` tells the fields of one form from those of another. */
export function control({ name, title, kind, choices, fallback, min, max }: Field, id: string): Html {
  const own = `${id}-${name}`;
  if (kind === 'switch') return html`<p class="field"><input type="checkbox" id="${own}" name="${name}" ${fallback === true ? html`checked` : ''}> <label for="${own}">${title}</label></p>`;
  if (kind === 'several') {
    const boxes = choices.map((choice) => html`<label><input type="checkbox" name="${name}" value="${choice}" ${Array.isArray(fallback) && fallback.includes(choice) ? html`checked` : ''}> ${choice}</label>`);
    return html`<fieldset class="field several"><legend>${title}</legend>${boxes}</fieldset>`;
  }
  const label = html`<label for="${own}">${title}</label>`;
  if (kind === 'choice') {
    const options = choices.map((choice) => html`<option ${choice === fallback ? html`selected` : ''}>${choice}</option>`);
    return html`<p class="field">${label}<select id="${own}" name="${name}">${fallback === undefined ? html`<option value="">as usual</option>` : ''}${options}</select></p>`;
  }
  const value = typeof fallback === 'string' || typeof fallback === 'number' ? String(fallback) : '';
  if (kind === 'text') return html`<p class="field">${label}<input id="${own}" name="${name}" value="${value}" maxlength="64" placeholder="as usual" autocomplete="off" spellcheck="false"></p>`;
  return html`<p class="field">${label}<input type="number" id="${own}" name="${name}" value="${value}" placeholder="as usual" ${min === null ? '' : html`min="${min}"`} ${max === null ? '' : html`max="${max}"`}></p>`;
}

/** What a form has sent, as the action takes it. A field left empty is left out; what is no number is left for the action to refuse. */
export function inputOf(fields: readonly Field[], sent: URLSearchParams): Readonly<Record<string, unknown>> {
  const input: Record<string, unknown> = {};
  for (const { name, kind } of fields) {
    const text = sent.get(name)?.trim() ?? '';
    if (kind === 'switch') input[name] = sent.has(name);
    else if (kind === 'several') input[name] = sent.getAll(name);
    else if (text !== '') input[name] = kind === 'number' && Number.isFinite(Number(text)) ? Number(text) : text;
  }
  return input;
}

/** `set`, a line each, and `drop`, apart by spaces or commas. Throws BadSetting. */
export function editsOf(sent: URLSearchParams): { readonly set: Readonly<Record<string, unknown>>; readonly drop: readonly string[] } {
  const lines = (sent.get('set') ?? '').split(/\r?\n/).filter((line) => line.trim() !== '');
  return { set: Object.fromEntries(lines.map((line) => readSetting(line.trim()))), drop: (sent.get('drop') ?? '').split(/[\s,]+/).filter((name) => name !== '') };
}
