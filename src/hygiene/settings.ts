/** How long what is kept, in days; 0: for ever. */
export interface HygieneSettings {
  readonly enabled: boolean;
  /** Documents of memory in `daily/` that did not change, where no rule of a folder says otherwise. */
  readonly dailyLogDays: number;
  /** The same in `conversations/`. */
  readonly conversationDays: number;
  /** Jobs, runs of routines and beats that have ended, and the conversations in which they worked. */
  readonly workDays: number;
  /** What was accepted, done, delivered and told: so long a repeat is recognised. */
  readonly recordDays: number;
}
