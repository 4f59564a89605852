export type { GuestValue } from '../slot/guest/values.ts';
export type {
  GuestCall,
  GuestEnd,
  GuestHost,
  GuestLog,
  GuestOutcome,
  GuestReport,
  HostAnswer,
} from './call.ts';
export { createSlotPool, type SlotPool, type SlotPoolOptions } from './pool.ts';
export { type Slot, type SlotEnd, type SlotOptions, type SlotState, startSlot } from './slot.ts';
