export { notificationStatement } from './notification-statement.ts';
