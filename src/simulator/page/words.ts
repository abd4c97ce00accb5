import type { Activity } from '../../marketplace/saas-v2/verbs.ts';
import type { InstanceStatus, OrderType, Trading } from '../entities.ts';

/** English, and what KooGallery's console or the kit has for it. */
export type Words = readonly [english: string, term: string];

export const VERBS: { readonly [A in Activity]: string } = {
  newInstance: '创建实例',
  queryInstance: '查询实例信息',
  refreshInstance: '更新实例',
  updateInstanceStatus: '更新实例状态',
  releaseInstance: '释放实例',
  upgradeInstance: '实例升级',
  changeInstanceCheck: '变更校验',
};

export const ORDERS: { readonly [T in OrderType]: Words } = {
  NEW: ['purchase', '新购'],
  TRIAL: ['trial', '试用'],
  TRIAL_TO_FORMAL: ['trial to purchase', '试用转正'],
  UNSUBSCRIBE: ['unsubscription', '退订'],
  RENEW: ['renewal', '续费'],
  CHANGE: ['change', '变更'],
};

export const STATUSES: { readonly [S in InstanceStatus]: Words } = {
  ordered: ['being made', '开通中'],
  active: ['active', '使用中'],
  frozen: ['frozen', '已冻结'],
  released: ['released', '已释放'],
};

export const TRADING: { readonly [T in Trading]: Words } = {
  'on-sale': ['on sale', '在售'],
  frozen: ['trading frozen', '冻结交易'],
  delisted: ['delisted', '已下架'],
};
