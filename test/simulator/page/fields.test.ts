import { describe, expect, it } from 'vitest';
import { ACTIONS, type ActionName } from '../../../src/simulator/control/actions.ts';
import { instanceForms, marketForms, orderForms } from '../../../src/simulator/page/action-forms.ts';
import { control, editsOf, fieldsOf, inputOf } from '../../../src/simulator/page/fields.ts';

describe('the forms', () => {
  it('have every action of the table exactly once, under its name', async () => {
    const all = [...marketForms(), instanceForms('CS1', ['instance', 'usage', 'trial']), orderForms('CS1', ['renewal', 'order'])];
    const texts: string[] = [];
    for (const form of all) texts.push(String(await form));
    const named = [...texts.join('').matchAll(/data-action="([a-z-]+)"/g)].map(([, name]) => name);
    expect(new Set(named)).toEqual(new Set(Object.keys(ACTIONS)));
    expect(named).toHaveLength(Object.keys(ACTIONS).length);
  });

  it('take their fields from the action’s own schema', () => {
    const buy = fieldsOf(ACTIONS.buy.input);
    expect(buy.map(({ name, kind }) => [name, kind])).toEqual([
      ['skuCode', 'text'],
      ['linearValue', 'number'],
      ['chargingMode', 'choice'],
      ['periodType', 'choice'],
      ['periodNumber', 'number'],
      ['productId', 'text'],
      ['trial', 'switch'],
    ]);
    expect(buy.find(({ name }) => name === 'periodNumber')).toMatchObject({ min: 1, max: 1_000 });
    expect(buy.find(({ name }) => name === 'linearValue')).toMatchObject({ min: 1, max: null });
  });

  it('label every field', async () => {
    for (const name of Object.keys(ACTIONS) as ActionName[]) {
      for (const field of fieldsOf(ACTIONS[name].input)) expect(String(await control(field, 'x'))).toMatch(field.kind === 'several' ? /<legend>/ : new RegExp(`<label for="x-${field.name}">`));
    }
  });

  it('send what was filled in: numbers as numbers, nothing for what was left empty', () => {
    const fields = fieldsOf(ACTIONS.buy.input);
    expect(inputOf(fields, new URLSearchParams('skuCode=+a+&linearValue=5&periodType=&periodNumber=&trial=on'))).toEqual({ skuCode: 'a', linearValue: 5, trial: true });
    expect(inputOf(fields, new URLSearchParams('linearValue=many'))).toEqual({ linearValue: 'many', trial: false });
    expect(inputOf(fieldsOf(ACTIONS.probe.input), new URLSearchParams('verbs=newInstance&verbs=queryInstance'))).toEqual({ verbs: ['newInstance', 'queryInstance'] });
  });

  it('read overrides a line each', () => {
    expect(editsOf(new URLSearchParams({ set: 'linearValue=20\r\n\r\nextra:=[1]\r\n', drop: 'expireTime, scene' }))).toEqual({ set: { linearValue: 20, extra: [1] }, drop: ['expireTime', 'scene'] });
    expect(() => editsOf(new URLSearchParams({ set: 'nonsense' }))).toThrow('give name=value');
  });
});
