export { compose } from './compose.ts';
export { notificationStatement } from './notification-statement.ts';
export { type Place, type Places, planTellings, type Telling } from './plan.ts';
export type { NotifyPolicy } from './policy.ts';
export {
  countWaiting,
  latestNotifications,
  mute,
  tellStatement,
  waitingNotifications,
} from './waiting.ts';
