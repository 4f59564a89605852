export { type BeatRow, CLAIM_MS, claimBeat, endBeat, latestBeats, wantBeat } from './beats.ts';
export { failureStreak } from './history.ts';
export { isEffectivelyEmpty } from './is-empty.ts';
export { attentionIn, type BeatContext, beatQuestion } from './question.ts';
export { wantedTools } from './wanted-tools.ts';
export { backOffMs, type HeartbeatTimes, whenDue } from './when-due.ts';
