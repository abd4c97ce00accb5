import type { Signing } from '../marketplace/signing/steps.ts';
import type { SentOnce } from '../simulator/by-hand/send-once.ts';
import type { SignedRequest } from '../simulator/request.ts';
import type { Output } from './output.ts';
import { pad, visible } from './width.ts';

/** As it goes over the wire, without what the HTTP client adds. */
export function printRequest(output: Output, { method, url, headers, body }: SignedRequest): void {
  output.line(`${output.paint('bold', method)} ${visible(url)}`);
  printHeaders(output, headers);
  output.line('');
  printBody(output, new TextDecoder().decode(body));
}

/** Each step with what it is made of below its name; characters that a terminal would act on are shown as escapes, so JSON output is what to compare with. */
export function printSteps(output: Output, { steps }: Pick<Signing, 'steps'>): void {
  for (const [index, { name, how, value, bytes, sha256 }] of steps.entries()) {
    output.line(`${output.paint('bold', `${index + 1} ${pad(name, 9)}`)}  ${how}`);
    output.line(`  ${visible(value)}`);
    if (bytes !== undefined && sha256 !== undefined) output.line(output.paint('dim', `  ${bytes} bytes, SHA-256 ${sha256}`));
  }
}

/** Status, headers, body and what the marketplace makes of them. */
export function printAnswer(output: Output, { call, headers, bodySignHolds }: SentOnce): void {
  const { status, ms, text, verdict } = call;
  if (status === null) output.line(`no answer, given up after ${ms} ms`);
  else {
    output.line(`${output.paint('bold', `HTTP ${status}`)} in ${ms} ms`);
    printHeaders(output, headers);
    if (bodySignHolds !== null) output.line(output.paint('dim', `Body-Sign ${bodySignHolds ? 'belongs' : 'does not belong'} to these bytes (V2.0 asks for none)`));
    output.line('');
    printBody(output, text);
  }
  output.line('');
  if (verdict.ok) return output.line(output.paint('green', `✓ good: ${call.resultCode ?? ''}`));
  const { rule, reason, message } = verdict;
  output.line(output.paint('red', `✗ ${reason.startsWith(rule) ? '' : `${rule}: `}${visible(reason)}`));
  if (message !== null) output.line(`  调测: ${visible(message.zh)}\n  in English: ${visible(message.en)}`);
  output.line(`  ${verdict.page}`);
}

/** What a script reads of it. */
export function answerRecord({ call: { status, ms, text, resultCode, failure, verdict }, headers, bodySignHolds }: SentOnce): Record<string, unknown> {
  return { status, ms, headers, body: text, resultCode, failure, bodySignHolds, verdict };
}

export function requestRecord({ method, url, headers, body }: SignedRequest): Record<string, unknown> {
  return { method, url, headers, body: new TextDecoder().decode(body) };
}

function printHeaders(output: Output, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) output.line(`${name}: ${visible(value)}`);
}

function printBody(output: Output, text: string): void {
  output.line(text === '' ? output.paint('dim', '(no body)') : visible(text));
}
