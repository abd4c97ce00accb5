import { main } from '../../src/cli/main.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One command line in this process. */
export async function run(args: readonly string[], env: Readonly<Record<string, string>>, cwd: string): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({ write: (text: string) => void (written[name] += text) });
  const code = await main(args, { stdout: stream('stdout'), stderr: stream('stderr'), env, cwd });
  return { code, ...written };
}
