export {
  type BlockedReport,
  type KillOptions,
  startWatchdog,
  type Watchdog,
  type WatchdogOptions,
} from './watchdog.ts';
