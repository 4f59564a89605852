import type { Beat, BeatEnd, HeartbeatDesk, HeartbeatLook } from '../../machines/heartbeat.ts';
import type { Origin } from '../../src/core/journal.ts';
import type { Notification } from '../../src/core/notifications.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import {
  attentionIn,
  type BeatRow,
  backOffMs,
  beatQuestion,
  CLAIM_MS,
  claimBeat,
  endBeat,
  failureStreak,
  type HeartbeatTimes,
  isEffectivelyEmpty,
  latestBeats,
  wantedTools,
  whenDue,
} from '../../src/heartbeat/index.ts';
import type { MemoryDocument } from '../../src/memory/index.ts';
import { notificationStatement } from '../../src/notifications/index.ts';
import type { Statement } from '../../src/storage/index.ts';
import { askAside } from '../ask-aside.ts';
import type { Environment } from '../environment.ts';
import { hasModel } from '../has-model.ts';
import { beatFacts } from './beat-facts.ts';
import { askWithTools, beatOrder, readingTools } from './beat-turn.ts';

type Parts = Environment;

const LIST = 'HEARTBEAT.md';
const NEVER: HeartbeatTimes = { enabled: false, everyMs: 1_800_000 };
/** Beats that are looked at for what went before. */
const MOST_BEATS = 50;
/** A beat that the process died in so often is given up. */
const MOST_ATTEMPTS = 3;
const PATIENCE_MS = 120_000;
const MOST_OUTPUT_TOKENS = 600;
const DAY_MS = 86_400_000;
/** Failures in a row after which the user is told, once. */
const TOLD_AFTER = 3;

/** Beats: one question to a cheap model each, where `HEARTBEAT.md` asks for anything. */
export function createBeats(env: Parts): HeartbeatDesk {
  return { look: () => look(env), beat: (beat, signal) => takeBeat(env, beat, signal) };
}

async function look(env: Parts): Promise<HeartbeatLook> {
  const { database, clock, settings } = env;
  const now = clock.now();
  const times = settings.heartbeat ?? NEVER;
  const beats = await latestBeats(database, MOST_BEATS);
  const wanted = beats.find(({ state }) => state === 'wanted');
  if (wanted) return claimed(env, wanted.dueAt, now);
  const due = whenDue(times, now, settings.timezone);
  const later = (at: number): HeartbeatLook => ({ kind: 'later', waitMs: Math.max(1, at - now) });
  if (due.kind === 'later') return later(due.at);
  await giveUpLost(env, beats, due.dueAt, now);
  const readyAt = whenReady(times, beats, due, now);
  if (readyAt > now) return later(Math.min(readyAt, due.nextAt));
  if (!(await hasWork(env)) || !(await hasModel(env, 'aside'))) return later(due.nextAt);
  return claimed(env, due.dueAt, now);
}

/** Not twice for one time, not while somebody else does it, and later after failures. */
function whenReady(
  times: HeartbeatTimes,
  beats: readonly BeatRow[],
  due: { readonly dueAt: number; readonly nextAt: number },
  now: number,
): number {
  const same = beats.find(({ dueAt }) => dueAt === due.dueAt);
  if (same?.state === 'claimed') return (same.startedAt ?? now) + CLAIM_MS;
  if (same || beats.some((beat) => isAsGood(beat, due.dueAt))) return due.nextAt;
  const { failures, endedAt } = failureStreak(beats);
  return failures > 0 ? endedAt + backOffMs(times, failures) : now;
}

/** One that was wanted since, and went well. */
function isAsGood({ state, startedAt }: BeatRow, dueAt: number): boolean {
  return (state === 'silent' || state === 'told') && (startedAt ?? 0) >= dueAt;
}

async function claimed(env: Parts, dueAt: number, now: number): Promise<HeartbeatLook> {
  const attempt = await claimBeat(env.database, dueAt, now);
  if (attempt === undefined) return { kind: 'later', waitMs: CLAIM_MS };
  return { kind: 'due', beat: { dueAt: new Date(dueAt).toISOString(), attempt } };
}

/** Beats of former times that the process died in. */
async function giveUpLost(
  { database }: Parts,
  beats: readonly BeatRow[],
  dueAt: number,
  now: number,
): Promise<void> {
  for (const beat of beats) {
    const isLost = beat.state === 'claimed' && (beat.startedAt ?? 0) <= now - CLAIM_MS;
    if (!isLost || beat.dueAt === dueAt) continue;
    const named = { dueAt: new Date(beat.dueAt).toISOString(), attempt: beat.attempts };
    await database.commit([endBeat(named, { state: 'failed', detail: 'The process ended meanwhile.' }, now)]);
  }
}

async function hasWork({ memory }: Parts): Promise<boolean> {
  const list = await memory.read(LIST);
  return list !== undefined && !isEffectivelyEmpty(list.content);
}

async function takeBeat(env: Parts, beat: Beat, signal: AbortSignal): Promise<BeatEnd> {
  const list = await env.memory.read(LIST);
  if (!list || isEffectivelyEmpty(list.content)) {
    return silent(env, beat, `${LIST} asks for nothing.`, []);
  }
  if (beat.attempt > MOST_ATTEMPTS) return failed(env, beat, 'The process ended in it again and again.', []);
  if (!(await hasModel(env, 'aside'))) return failed(env, beat, 'No language model is set up.', []);
  const told = await toldToday(env);
  const { answer, writes } = await ask(env, beat, list, told, signal);
  if (signal.aborted) throw new Error('the beat was stopped');
  if (!answer.ok) return failed(env, beat, answer.error, writes);
  const text = attentionIn(answer.value.text);
  if (text === undefined) return silent(env, beat, null, writes);
  if (told.some((one) => one.text === text)) return silent(env, beat, 'It was told before.', writes);
  return tell(env, beat, { text, origins: answer.value.origins }, writes);
}

interface Told {
  readonly at: number;
  readonly text: string;
}

async function toldToday({ database, clock }: Parts): Promise<readonly Told[]> {
  const beats = await latestBeats(database, MOST_BEATS);
  return beats
    .flatMap(({ state, detail, endedAt }) =>
      state === 'told' && detail !== null && endedAt !== null ? [{ at: endedAt, text: detail }] : [],
    )
    .filter(({ at }) => at > clock.now() - DAY_MS)
    .reverse();
}

interface Answered {
  readonly answer: Result<Words, string>;
  /** What models did cost. */
  readonly writes: readonly Statement[];
}

interface Words {
  readonly text: string;
  /** Whose words, other than the user's, had a hand in it. */
  readonly origins: readonly Origin[];
}

async function ask(
  env: Parts,
  { dueAt }: Beat,
  { content, origins }: MemoryDocument,
  told: readonly Told[],
  signal: AbortSignal,
): Promise<Answered> {
  const now = env.clock.now();
  const { timezone } = env.settings;
  const question = beatQuestion({ list: content, now, timezone, facts: await beatFacts(env), told });
  const tools = readingTools(env, wantedTools(content));
  if (tools.length > 0) {
    const text = `${question.system}\n- Look up with your tools what the list asks for.\n\n${question.message}`;
    return { answer: await askWithTools(env, { dueAt, text, tools, origins }, signal), writes: [] };
  }
  const turnId = `heartbeat/${dueAt}`;
  const order = {
    effectId: turnId,
    payer: { conversationId: PAYER, turnId, agent: beatOrder(dueAt) },
    question,
    maxOutputTokens: MOST_OUTPUT_TOKENS,
  };
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const { result, writes } = await askAside(env, order, patience);
  const answer = result.ok ? ok({ text: result.value.text, origins }) : err(result.error.message);
  return { answer, writes };
}

/** All beats are counted together. */
const PAYER = 'heartbeat-beats';

async function silent(
  env: Parts,
  beat: Beat,
  detail: string | null,
  writes: readonly Statement[],
): Promise<BeatEnd> {
  await end(env, beat, { state: 'silent', detail }, writes);
  return { kind: 'silent' };
}

async function tell(
  env: Parts,
  beat: Beat,
  { text, origins }: Words,
  writes: readonly Statement[],
): Promise<BeatEnd> {
  const notification = {
    ...noticeOf(`heartbeat/${beat.dueAt}`, text),
    kind: 'heartbeat.attention',
    origins,
  } as const;
  const write = notificationStatement(notification, env.clock.now());
  await end(env, beat, { state: 'told', detail: text }, [...writes, write]);
  env.hints.notificationWritten();
  return { kind: 'told' };
}

async function failed(
  env: Parts,
  beat: Beat,
  reason: string,
  writes: readonly Statement[],
): Promise<BeatEnd> {
  const { database, clock, settings } = env;
  const { failures: before, since } = failureStreak(await latestBeats(database, MOST_BEATS));
  const failures = before + 1;
  const says = failures === TOLD_AFTER ? [failingStatement(env, reason, since ?? clock.now())] : [];
  await end(env, beat, { state: 'failed', detail: reason }, [...writes, ...says]);
  if (says.length > 0) env.hints.notificationWritten();
  return { kind: 'failed', waitMs: backOffMs(settings.heartbeat ?? NEVER, failures) };
}

function failingStatement({ clock }: Parts, reason: string, since: number): Statement {
  const text =
    `The heartbeat failed ${TOLD_AFTER} times in a row, last with: ${reason} ` +
    'It goes on trying, less often each time, and this is not said again until it has worked once.';
  return notificationStatement(
    { ...noticeOf(`heartbeat/failing/${new Date(since).toISOString()}`, text), kind: 'heartbeat.failing' },
    clock.now(),
  );
}

const noticeOf = (key: string, text: string): Omit<Notification, 'kind'> => ({
  key,
  text,
  from: 'the heartbeat',
  conversationId: null,
  origins: [],
});

/** Where somebody else took the beat meanwhile, it is theirs, with what it did cost: it is paid for under one name. */
async function end(
  { database, clock }: Parts,
  beat: Beat,
  outcome: Parameters<typeof endBeat>[1],
  writes: readonly Statement[],
): Promise<void> {
  await database.commit([endBeat(beat, outcome, clock.now()), ...writes]);
}
