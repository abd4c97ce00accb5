import type { Question } from '../delivery/questions.ts';
import type { Plan } from '../lifecycle/plan.ts';
import { standingOf } from '../lifecycle/phase.ts';
import { CHANGE_CHECK } from '../lifecycle/transitions.ts';
import type { Ask, ChangeTarget, Outcome } from '../marketplace/dialect.ts';
import { Instance } from '../store/entities.ts';
import type { Em } from '../store/open.ts';
import { promisedOf } from '../store/post.ts';

/** What to ask the provisioner, or the answer where nothing needs to be asked. Reads only. */
export async function prepareQuestion(em: Em, { instanceId, target }: Ask & { kind: 'question' }): Promise<{ ask: Question } | { outcome: Outcome }> {
  const row = await em.findOne(Instance, { id: instanceId });
  if (!row) return { outcome: { is: 'unknown' } };
  const promised = await promisedOf(em, row);
  const verdict = CHANGE_CHECK.in[standingOf(promised)];
  const from = promised.actual.plan ?? promised.desired.plan;
  if (verdict === 'unknown') return { outcome: { is: 'unknown' } };
  if (verdict === 'later' || from === null) return { outcome: { is: 'later', message: 'the instance is being created: please ask again when it is ready' } };
  return { ask: { instanceId, from, plan: laidOver(from, target) } };
}

function laidOver(plan: Plan, { productId, skuCode, linearValue }: ChangeTarget): Plan {
  return { ...plan, productId: productId ?? plan.productId, skuCode: skuCode ?? plan.skuCode, quantity: linearValue ?? plan.quantity };
}
