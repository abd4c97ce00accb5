import { z, ZodError } from 'zod';
import { MarketError } from '../errors.ts';

export interface Problem {
  readonly error: { readonly code: string; readonly message: string };
}

export function problem(code: string, message: string): Problem {
  return { error: { code, message } };
}

/** What went wrong as the API says it: 400 for what cannot be meant, 409 for what the books do not allow, 500 for everything else. */
export function problemOf(error: Error): { readonly status: 400 | 409 | 500; readonly problem: Problem } {
  if (error instanceof ZodError) return { status: 400, problem: problem('BAD_INPUT', z.prettifyError(error)) };
  if (error instanceof SyntaxError) return { status: 400, problem: problem('BAD_INPUT', 'the body is not JSON') };
  if (error instanceof MarketError) return { status: 409, problem: problem(error.code, error.message) };
  return { status: 500, problem: problem('UNEXPECTED', error.message) };
}
