import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readExpireTime, readSdkDate, readStamp, writeExpireTime, writeSdkDate } from '../../src/marketplace/times.ts';

const instant = fc.integer({ min: Date.UTC(1000, 0, 1), max: Date.UTC(9999, 11, 31, 23, 59, 59, 999) });

describe('signed timestamps', () => {
  test('takes 10 digits as seconds and 13 as milliseconds', () => {
    expect(readStamp('1767225600')).toBe(1_767_225_600_000);
    expect(readStamp('1767225600123')).toBe(1_767_225_600_123);
  });

  test.each(['', '176722560', '17672256001', '176722560012', '17672256001234', '1767225600.12', ' 1767225600', '1767225600\n', '-767225600', '1e9', '0x17672256', '１７６７２２５６００', 'now'])(
    'refuses %j',
    (text) => expect(readStamp(text)).toBeNull(),
  );

  test('refuses leading zeros, which would let digits wander between nonce and timestamp', () => {
    expect(readStamp('01767225600123')).toBeNull();
    expect(readStamp('0767225600123')).toBeNull();
    expect(readStamp('0767225600')).toBeNull();
  });
});

describe('expireTime', () => {
  test('reads what it writes', () => {
    fc.assert(
      fc.property(instant, (at) => {
        expect(readExpireTime(writeExpireTime(at, 17))).toBe(at);
        expect(readExpireTime(writeExpireTime(at))).toBe(Math.floor(at / 1000) * 1000);
      }),
    );
  });

  test('reads the page’s examples as UTC', () => {
    expect(readExpireTime('20221124023618256')).toBe(Date.UTC(2022, 10, 24, 2, 36, 18, 256));
    expect(readExpireTime('20240229235959')).toBe(Date.UTC(2024, 1, 29, 23, 59, 59));
  });

  test.each(['20230230000000', '20230229000000', '20231301000000', '20230001000000', '20230100000000', '20230101240000', '20230101006000', '20230101000060', '00500101000000', '2023010100000', '202301010000000', '20230101000000Z', '2023010100000000000', ''])(
    'refuses %j',
    (text) => expect(readExpireTime(text)).toBeNull(),
  );

  test('refuses to write a year that has no four digits', () => {
    expect(() => writeExpireTime(Date.UTC(10_000, 0, 1))).toThrow(RangeError);
    expect(() => writeExpireTime(Date.UTC(999, 11, 31))).toThrow(RangeError);
  });
});

describe('X-Sdk-Date', () => {
  test('reads what it writes, to the second', () => {
    fc.assert(
      fc.property(instant, (at) => {
        expect(readSdkDate(writeSdkDate(at))).toBe(Math.floor(at / 1000) * 1000);
      }),
    );
    expect(writeSdkDate(Date.UTC(2016, 5, 29, 10, 14, 59, 999))).toBe('20160629T101459Z');
  });

  test.each(['20160629101459', '20160629T101459', '20160631T101459Z', '20160629t101459z', ''])('refuses %j', (text) => expect(readSdkDate(text)).toBeNull());
});
