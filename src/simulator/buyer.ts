/** What the order query tells of a buyer (open-api.md §3.2, BuyerInfo). Personal data, even if invented here: a seller must not log it. */
export interface Buyer {
  readonly mobilePhone: string | null;
  readonly email: string | null;
  readonly customerId: string;
  readonly customerName: string;
  readonly customerRealName: string;
  readonly customerType: number;
  readonly userId: string | null;
  readonly userName: string | null;
}

/** The one customer of this market: invented, and with values that are easy to look for in logs. */
export const BUYER: Buyer = {
  mobilePhone: '18600001234',
  email: 'wang.fang@buyer.example',
  customerId: '5f0c6a1b2d3e4f5061728394a5b6c7d8',
  customerName: 'hw_buyer_wang',
  customerRealName: '王芳',
  customerType: 0,
  userId: null,
  userName: null,
};

/** What a buyer typed into the seller's own order fields. */
export interface ExtendParam {
  readonly name: string;
  readonly value: string;
}

export const EXTEND_PARAMS: readonly ExtendParam[] = [
  { name: 'emailDomainName', value: 'buyer.example' },
  { name: 'ip', value: '192.0.2.7' },
];
