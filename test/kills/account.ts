import type { Call } from '../../src/simulator/call.ts';
import type { ClientLink } from '../../src/temporal/connect.ts';
import { lookAtAnswers, lookAtLastAnswers } from './answers.ts';
import type { Story } from './customer.ts';
import { lookAtHistories, lookAtLedger, lookAtTenants } from './effects.ts';
import type { Finding } from './finding.ts';
import { endingOfStory, readLedger, type Ledger } from './ledger.ts';
import type { Scene } from './scene.ts';

export interface Account {
  readonly findings: readonly Finding[];
  /** Name and number, for people to read. */
  readonly numbers: readonly (readonly [string, number])[];
  /** What is known of the lines that a rule does not hold for. */
  readonly evidence: readonly string[];
}

/** Counts, when all is quiet: what was said, what is written, what was built. `calls` are those of the load. */
export async function account(scene: Scene, link: ClientLink, stories: readonly Story[], calls: readonly Call[]): Promise<Account> {
  const ledger = await readLedger(scene.store);
  // Of the others, which the first rule tells of, nobody can say what was carried out.
  const finished = stories.filter((story) => story.finished);
  const tenants = await lookAtTenants(scene.tenants, finished, ledger);
  const histories = await lookAtHistories(link, finished, ledger);
  const findings = [...lookAtAnswers(stories, calls, ledger), ...lookAtLedger(finished, ledger), ...tenants.findings, ...histories.findings, ...(await lookAtLastAnswers(scene, finished))];
  const sum = (of: (story: Story) => number): number => stories.reduce((total, story) => total + of(story), 0);
  const endings = Object.entries(Object.groupBy(finished, endingOfStory)).map(([ending, all]) => [`lines ending ${ending}`, all.length] as const);
  const suspects = stories.filter(({ order }) => findings.some(({ broken }) => broken.some((one) => one.includes(order.orderId))));
  return {
    findings,
    evidence: suspects.map((story) => evidenceOf(story, ledger)),
    numbers: [
      ['order lines', stories.length],
      ...endings,
      ['calls', calls.length],
      ...answersByCode(calls),
      ['answers that came too late to count', calls.filter(({ verdict }) => !verdict.ok && verdict.rule === 'slow').length],
      ['calls repeated for want of an answer', sum(({ repeats }) => repeats)],
      ['calls carried out whose answer was lost', lostAnswers(calls, ledger)],
      ['accepted calls sent again to the byte', sum(({ echoes }) => echoes.sent)],
      ['of these answered, each time the same', sum(({ echoes }) => echoes.answered)],
      ['commands in the mailboxes', [...ledger.commands.values()].flat().length],
      ['records in the journal', ledger.calls.length],
      ['tenant files', tenants.files],
      ['unfinished files left by killed builds', tenants.drafts],
      ['rounds of provision begun', histories.provisions],
      ['attempts of them lost with their worker or server', histories.lostAttempts],
      ['removals that will look again', histories.lookAgain],
      ['instances that need a person', [...ledger.instances.values()].filter(({ needsPerson }) => needsPerson).length],
    ],
  };
}

function answersByCode(calls: readonly Call[]): [string, number][] {
  const codes = Map.groupBy(calls, ({ verb, resultCode, failure }) => `${verb} → ${resultCode ?? failure ?? 'no JSON'}`);
  return [...codes].map(([code, all]): [string, number] => [code, all.length]).toSorted(([a], [b]) => a.localeCompare(b));
}

/** The journal has it, and the caller heard nothing: the case that repeats are for. */
function lostAnswers(calls: readonly Call[], { calls: records }: Ledger): number {
  const journalled = new Set(records.map(({ nonce }) => nonce));
  return calls.filter(({ resultCode, query }) => resultCode === null && journalled.has(query['nonce'] ?? '')).length;
}

function evidenceOf({ order, plan, accepted, instanceId }: Story, { instances, commands }: Ledger): string {
  const { sku, patient, ending } = plan;
  const said = accepted.map((call) => `${clock(call.at)} ${call.kind}${call.kind === 'release' && !call.unsubscribed ? ' without unsubscription' : ''}`);
  const taken = (commands.get(instanceId) ?? []).map(({ seq, receivedAt, instruction, outcome, settledAt }) => `${seq} ${clock(receivedAt)} ${instruction.kind} ${outcome ?? 'open'} ${settledAt === null || settledAt === undefined ? '' : clock(settledAt)}`);
  const state = instances.get(instanceId)?.state;
  return [
    `${order.orderId} (${sku}${patient ? ', patient' : ''}${ending ? ', ending' : ''})`,
    `accepted: ${said.join(', ')}`,
    `mailbox: ${taken.join(', ')}`,
    `desired: ${JSON.stringify(state?.desired)}`,
    `actual: ${JSON.stringify(state?.actual)}`,
  ].join('\n    ');
}

const clock = (at: number): string => new Date(at).toISOString().slice(11, 23);
