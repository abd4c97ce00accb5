/** Why a person is needed. `putAway`: a person's retry ends it; the others end by themselves, when what they tell of has ended. */
export interface Reason {
  readonly putAway: boolean;
  /** What the person can do, in plain English. */
  readonly mend: string;
}

/** One row for each reason: shown by the CLI, in the Temporal UI and in notices, and explained in docs/guides/when-an-order-is-stuck.md. */
export const PERSON_REASONS = {
  'several-products': { putAway: true, mend: 'check that the tenant holds all products of the order line, then retry to put this away' },
  'unfamiliar-order': { putAway: true, mend: 'the order query used a word this release does not know: check what was built against the order, then retry to put this away' },
  'unknown-product': { putAway: false, mend: 'add the product to the configuration, restart the worker, then retry' },
  'order-refused': { putAway: false, mend: 'check the order in the Seller Console and the AK/SK, then retry' },
  'keys-refused': { putAway: false, mend: 'KooGallery refused AK and SK, and order queries are stopped: set another pair and restart the worker; the guide says what to do when the pair was right' },
  'provision-refused': { putAway: false, mend: 'mend what the provisioner refused and retry, complete it by hand, or leave it: the marketplace refunds the order' },
  'create-window-over': { putAway: false, mend: 'the marketplace may have refunded the order: check it in the Seller Console, then retry or abandon' },
  'built-late': { putAway: true, mend: 'check in the Seller Console whether the order was refunded: if so release the instance, else retry to put this away' },
  'change-refused': { putAway: true, mend: 'the buyer paid for a size that the provisioner refuses: settle it with the buyer or change the tenant by hand, then retry to put this away' },
  'change-unheard': { putAway: true, mend: 'the marketplace was last told to ask again and did not: check the upgrade order in the Seller Console, then retry to put this away' },
  'violation-freeze': { putAway: true, mend: 'the marketplace froze it long before its end: ask there whether that stands' },
  'violation-after-renewal': { putAway: false, mend: 'the buyer renewed but is still frozen: ask the marketplace, which alone can take a violation back' },
  'stale-status': { putAway: true, mend: 'an old status call was not followed: check that the phase is right, then retry to put this away' },
  'odd-expiry': { putAway: true, mend: 'the marketplace named an end that cannot be meant: check the order in the Seller Console, then retry to put this away' },
  'clock-freeze': { putAway: false, mend: 'our own clock froze it: check in the Seller Console whether it was renewed; unfreeze if so' },
  'expiry-passed': { putAway: false, mend: 'paid time and grace are over and the product is set to tell only: freeze or release it' },
  'retention-over': { putAway: false, mend: 'the data are kept until you decide: release, or hold' },
  'release-while-paid': { putAway: false, mend: 'released although paid ahead: release to have the data removed, or cancel-release' },
  'tenant-missing': { putAway: false, mend: 'something outside removed the tenant: restore it, then retry' },
  'store-behind': { putAway: true, mend: 'an older database was restored: compare with the Seller Console what was called since the backup, then retry to put this away' },
  'effect-failing': { putAway: false, mend: 'read the last error, mend its cause, then retry; or do it by hand and complete' },
} as const satisfies Record<string, Reason>;

export type PersonReason = keyof typeof PERSON_REASONS;

/** The reasons that a person's retry puts away. */
export const PUT_AWAY = (Object.keys(PERSON_REASONS) as PersonReason[]).filter((reason) => PERSON_REASONS[reason].putAway);
