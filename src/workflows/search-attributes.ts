import { defineSearchAttributeKey } from '@temporalio/common';

// Search attributes are stored in plain text whatever the payload codec, so only opaque ids and states go in (temporal.md §4, §5).

/** Key of the order line, the same as in the workflow id. */
export const KooOrderLine = defineSearchAttributeKey('KooOrderLine', 'KEYWORD');
/** The instanceId that KooGallery knows. */
export const KooInstance = defineSearchAttributeKey('KooInstance', 'KEYWORD');
/** The marketplace's productId. */
export const KooProduct = defineSearchAttributeKey('KooProduct', 'KEYWORD');
/** Phase of the instance: what is actual, not what is desired. */
export const KooPhase = defineSearchAttributeKey('KooPhase', 'KEYWORD');
/** End of the paid time; unset when there is none. */
export const KooExpireAt = defineSearchAttributeKey('KooExpireAt', 'DATETIME');
/** True while a person must look. */
export const KooNeedsPerson = defineSearchAttributeKey('KooNeedsPerson', 'BOOL');

/** Every search attribute the workflows set; all must be registered before a worker polls. */
export const searchAttributeKeys = [KooOrderLine, KooInstance, KooProduct, KooPhase, KooExpireAt, KooNeedsPerson] as const;
