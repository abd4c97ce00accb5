import type { Call } from '../simulator/call.ts';

/** What is wrong with an answer as such, whatever was asked (saas.md §1.6); null when it is as it must be. Without an HTTP answer only the first one speaks. */
type Broken = (call: Call) => string | null;

const LONGEST_MESSAGE = 255;

export const wrongStatus: Broken = ({ status, failure }) => (status === 200 ? null : (failure ?? `HTTP ${status}`));

export const wrongContentType: Broken = ({ contentType, status }) => (status === null || /^application\/json\s*(?:;|$)/i.test(contentType ?? '') ? null : (contentType ?? 'no content type'));

export const noObject: Broken = ({ answer, status }) => (status === null || answer !== null ? null : 'no JSON object');

export const wrongCode: Broken = ({ answer }) => {
  const code = answer?.['resultCode'];
  return answer === null || (typeof code === 'string' && /^[0-9]{6}$/.test(code)) ? null : `resultCode is ${JSON.stringify(code) ?? 'missing'}`;
};

export const wrongMessage: Broken = ({ answer }) => {
  const message = answer?.['resultMsg'];
  if (answer === null || (typeof message === 'string' && message !== '' && message.length <= LONGEST_MESSAGE)) return null;
  return typeof message === 'string' && message !== '' ? `resultMsg has ${message.length} characters` : 'resultMsg is missing';
};
