import type { Origin } from './journal.ts';
import type { NotificationKind } from './notifications.ts';

/** What the user was told, or is to be told, without having asked for it. Times are ISO 8601. */
export interface NotificationState {
  readonly kind: NotificationKind;
  readonly at: string;
  readonly from: string;
  readonly text: string;
  readonly origins: readonly Origin[];
  /** `merged`: told together with another; `muted`: not told, as a rule of the user's says. */
  readonly state: 'waiting' | 'told' | 'merged' | 'muted';
  readonly settledAt: string | null;
  /** The conversation. */
  readonly toldIn: string | null;
}

export interface HeartbeatState {
  readonly enabled: boolean;
  /** Whether `HEARTBEAT.md` asks for anything. */
  readonly hasWork: boolean;
  /** In words: `every 30 minutes`, `daily at 08:00`; with the quiet hours. */
  readonly when: string;
  /** The latest beats that asked a model, newest first. */
  readonly beats: readonly HeartbeatBeat[];
}

export interface HeartbeatBeat {
  readonly dueAt: string;
  readonly state: 'wanted' | 'claimed' | 'silent' | 'told' | 'failed';
  readonly endedAt: string | null;
  /** What it said, or why it failed. */
  readonly detail: string | null;
}

/** What was removed because it is old: in words, with how much of it. */
export type CleaningReport = Readonly<Record<string, number>>;

export interface CleaningState {
  readonly lastAt: string | null;
  readonly removed: CleaningReport;
}

/** A tool from outside that failed. */
export interface ToolHealthState {
  readonly tool: string;
  readonly failures: number;
  readonly lastError: string;
  readonly lastAt: string;
  readonly broken: boolean;
  readonly repairs: number;
  readonly repairJob: string | null;
  readonly lastResult: string | null;
  readonly repairedAt: string | null;
  /** Where it was installed from, as far as that is known. */
  readonly source: string | null;
}

/** `job`: the id of the job that repairs it. */
export type RepairAnswer =
  | { readonly ok: true; readonly job: string; readonly message: string }
  | { readonly ok: false; readonly kind: 'unknown' | 'refused'; readonly message: string };

/** What the assistant does by itself so that all stays well, as a person sees it. */
export interface UpkeepDesk {
  /** The latest, newest first. */
  notifications(limit: number): Promise<readonly NotificationState[]>;
  heartbeat(): Promise<HeartbeatState>;
  /** Has the heart beat as soon as possible, also in quiet hours. On disk when the promise resolves. */
  beat(): Promise<void>;
  cleaning(): Promise<CleaningState>;
  /** Removes what is old; in a dry run, only tells what that would be. Null where another process does it just now. */
  clean(options: { readonly dryRun: boolean }): Promise<CleaningReport | null>;
  /** Tools from outside that failed, the latest first. */
  tools(): Promise<readonly ToolHealthState[]>;
  /**
   * Has a tool repaired and built anew, as the user says; what was built is installed only with a further yes.
   *
   * @param path where its source is; empty: where it was installed from
   */
  repair(tool: string, path: string): Promise<RepairAnswer>;
}
