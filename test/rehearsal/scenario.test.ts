import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../src/rehearsal/scenario.ts';
import { ScenarioInvalid } from '../../src/rehearsal/scenario-invalid.ts';

const DAY = 24 * 60 * 60_000;

function problems(content: unknown): string[] {
  try {
    parseScenario(content);
  } catch (error) {
    if (!(error instanceof ScenarioInvalid)) throw error;
    return error.problems.map(({ path, cause }) => `${path} ${cause}`.trim());
  }
  return [];
}

describe('a scenario file', () => {
  it('is read with its durations in milliseconds and the fields of each step apart', () => {
    const { buy, steps, until } = parseScenario({ buy: { periodType: 'month' }, steps: [{ beforeEnd: '7d', do: 'renew', periods: 2, once: 'active' }, { do: 'look' }], until: '40d' });
    expect(buy).toEqual({ periodType: 'month' });
    expect(until).toBe(40 * DAY);
    expect(steps).toEqual([
      { do: 'renew', when: { kind: 'beforeEnd', ms: 7 * DAY }, once: 'active', fields: { periods: 2 }, expect: null },
      { do: 'look', when: null, once: null, fields: {}, expect: null },
    ]);
  });

  it.each([
    ['a step that does not exist', { steps: [{ do: 'renw' }] }, ['steps[0].do is not a step; did you mean renew?']],
    ['a step without its name', { steps: [{ at: '1d' }] }, ['steps[0].do is missing']],
    ['a length of time that is none', { steps: [{ do: 'look' }, { after: '2 days', do: 'look' }] }, [expect.stringMatching(/^steps\[1\]\.after is not a length of time/)]],
    ['two instants', { steps: [{ at: '1d', after: '2d', do: 'look' }] }, ['steps[0] has at and after']],
    ['a field that the step does not take', { steps: [{ do: 'renew', perods: 2 }] }, ['steps[0] holds an unknown key, "perods"; did you mean periods?']],
    ['a field of the wrong kind', { steps: [{ do: 'upgrade', linearValue: 'ten' }] }, [expect.stringMatching(/^steps\[0\]\.linearValue is wrong/)]],
    ['steps out of order', { steps: [{ at: '2d', do: 'look' }, { at: '1d', do: 'look' }] }, ['steps[1].at is before the step before it']],
    ['a refund of nothing', { steps: [{ do: 'refund' }] }, ['steps[0].do refunds a renewal, and none is left to refund']],
    ['a second purchase', { steps: [{ do: 'buy' }] }, ['steps[0].do is not a step']],
    ['an expectation of nothing known', { steps: [{ do: 'look', expect: { phase: 'dead' } }] }, [expect.stringMatching(/^steps\[0\]\.expect\.phase /)]],
    ['an unknown key of the whole', { step: [] }, ['holds an unknown key, "step"; did you mean steps?']],
    ['several things at once', { level: 'V9', steps: 7 }, [expect.stringMatching(/^level is not one of V0/), 'steps is not a list']],
    ['something else altogether', [], [expect.stringMatching(/^is wrong/)]],
  ])('is refused with its path for %s', (_what, content, expected) => {
    expect(problems(content)).toEqual(expected);
  });

  it('tells how to mend each problem', () => {
    expect(() => parseScenario({ steps: [{ do: 'renw' }] })).toThrow(/Write one of renew, renew-change/);
  });
});
