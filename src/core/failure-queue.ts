import type { DeliveryRecord } from './delivery-record.ts';

/** Port: where failures wait for an operator. A record holds neither code nor number, and is never sent again. */
export interface FailureQueue {
  put(record: DeliveryRecord, signal: AbortSignal): Promise<void>;
}
