import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/conformance/report.ts';
import { startApi, type RunningApi } from '../api/running-api.ts';
import { KEY } from '../marketplace/signed-call.ts';
import { caught, check, rows } from './checked.ts';

describe('kookeeper itself', () => {
  let api: RunningApi;
  let report: Report;
  beforeAll(async () => {
    api = await startApi();
    report = await check(`http://127.0.0.1:${api.port}/koogallery/saas`, KEY, () => api.clock.now);
  });
  afterAll(() => api.close());

  it('passes every check that needs no instance', () => {
    expect(caught(report)).toEqual({});
    expect(rows(report).filter(({ skip }) => skip !== null && skip !== 'needs --live')).toEqual([]);
    expect([report.status, report.verdict, report.counts.failed]).toEqual(['finished', 'passed', 0]);
  });

  it('would have all its debugging cases saved; the push of usage is a call of its own', () => {
    const cases = report.debugging.flatMap((each) => Object.entries(each.cases));
    expect(cases.filter(([, saved]) => saved !== true)).toEqual([['usage push', null]]);
  });

  it('was only probed: no instance, no command', async () => {
    const { instance, command } = await api.rows();
    expect([instance, command, api.rings]).toEqual([0, 0, []]);
  });
});
