import { NUMBERS } from './edits.ts';
import { BadSetting } from './errors.ts';

/** `name=value` as text, or as a number where the wire has one; `name:=json` for anything else. Throws BadSetting. */
export function readSetting(text: string): [string, unknown] {
  const [, name, raw, value] = /^([A-Za-z][A-Za-z0-9]*)(:?)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new BadSetting('give name=value, for example linearValue=20');
  if (raw === '') return [name, NUMBERS.includes(name) && /^-?\d+$/.test(value) ? Number(value) : value];
  try {
    return [name, JSON.parse(value)];
  } catch {
    throw new BadSetting(`what stands after := must be JSON, for example ${name}:=null`);
  }
}
