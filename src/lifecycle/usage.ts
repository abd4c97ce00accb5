/** One reading of a meter, as `queryInstance` reports it (saas.md §2.8). Instants are UTC ms. */
export interface UsageReading {
  /** For packages: the on-demand instance this usage belongs to. */
  readonly relatedInstanceId?: string;
  /** On-demand: usage so far; package: the used part. At most four decimals. */
  readonly value: number;
  readonly at: number;
  readonly dashboardUrl?: string;
}
