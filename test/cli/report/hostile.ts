import type { Report } from '../../../src/conformance/report.ts';
import { check } from '../../conformance/checked.ts';
import { writing } from '../../conformance/sellers/fault.ts';
import { HONEST, KEY, startSeller, type Answer, type Seller } from '../../conformance/sellers/honest.ts';

/** Besides the access key: what a seller may know and must not find its way into a report. */
export const SECRETS = ['AKPLANTED0123456789', 'sk-planted/0123456789+"quoted"', 'the-license-key-<&>-42'];
/** A buyer's access data. */
export const ACCESS = { frontEndUrl: 'https://tenant-planted.example.com/?t=planted-login', adminUrl: 'https://admin-planted.example.com', userName: 'planted-user', password: 'planted"pass\\word', memo: 'planted-memo' };

/** What would end an annotation, a table, an element or a terminal line, if it were let through. */
export const MISCHIEF = '\n::error::forged\r##[error]forged\u001b[31m\u0000\ud800\uffff<script>alert(1)</script> ]]> & "\' | `code` **bold** [link](javascript:1) %0A,title=x\u202e';

/** Everything it knows, in every place where a seller can put a word, in every spelling that libraries make of it. */
function leaking(answer: Answer): Answer {
  const known = [KEY, ...SECRETS];
  const spelled = known.flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64'), JSON.stringify({ secret }), secret.toUpperCase()]);
  const echo = `${spelled.join(' ')} ${MISCHIEF}`;
  // First what a cut would leave out.
  return { deep: { appInfo: ACCESS, accessToken: 'planted-token', licenseKey: 12_345_678 }, asText: JSON.stringify(ACCESS), ...answer, resultMsg: echo, resultCode: answer.resultCode === '000000' ? answer.resultCode : `${answer.resultCode} ${echo}`, echo };
}

/** Refuses the wrong things, so that there is something to tell, and leaks with every answer. */
export function startHostile(clock: { now: number }): Promise<Seller> {
  return startSeller(
    {
      answer: async (body, seller) => {
        const usual = await HONEST.answer(body, seller);
        return body['activity'] === 'releaseInstance' ? { resultCode: '000005', resultMsg: 'no' } : usual;
      },
      ...writing(({ resultCode }) => (resultCode === '000002' ? 400 : 200), `application/json; key=${KEY}`, (answer) => JSON.stringify(leaking(answer))),
    },
    clock,
  );
}

export async function hostileReport(): Promise<Report> {
  const clock = { now: 1_767_225_600_123 };
  const seller = await startHostile(clock);
  try {
    return await check(seller.url, KEY, () => clock.now, { secrets: SECRETS });
  } finally {
    await seller.close();
  }
}

/** Every piece of a secret that must not be found, however it is escaped. */
export const PLANTED = [KEY, 'AKPLANTED', 'sk-planted', 'the-license-key', 'tenant-planted', 'planted-login', 'admin-planted', 'planted-user', 'planted-memo', 'planted-token', 'pass\\\\word', 'planted\\"pass', '12345678', ...[KEY, ...SECRETS].map((secret) => Buffer.from(secret).toString('base64'))];
