import { readFile } from 'node:fs/promises';
import type { Assistant } from '../../core/assistant.ts';
import { coerceError, IronbarkError } from '../../core/errors.ts';
import { ulids } from '../../core/ids.ts';
import { createReplayModel, type Model, parseTrace, type ReplayModel, type Trace } from '../../llm/index.ts';
import { type RecordedNetwork, recordedNetwork } from '../recorded-network.ts';
import { answerNamedBy } from './approvals.ts';
import { observe } from './observation.ts';
import { playTurn, type Scene } from './play-turn.ts';
import type { FileReport } from './report.ts';
import { judge, type PlayedTurn } from './verdict.ts';

/** What a trace needs around it: an assistant that nobody else uses, gone without a trace when disposed of. */
export interface Stage extends AsyncDisposable {
  readonly assistant: Assistant;
}

export interface Props {
  readonly model: Model;
  /** Documents that are in memory before the first turn. */
  readonly memory: Trace['memorySnapshot'];
  /** Where tools find the network. */
  readonly network: RecordedNetwork;
}

export interface PlayOptions {
  readonly openStage: (props: Props) => Promise<Stage>;
  /** How long a turn may take, in milliseconds. */
  readonly turnLimitMs: number;
  /** Milliseconds from any fixed point. */
  readonly now: () => number;
}

/** Plays the trace in this file. Never rejects: whatever goes wrong fails the file, with the reason. */
export async function playFile(file: string, options: PlayOptions): Promise<FileReport> {
  const started = options.now();
  const outcome = await attempt(file, options).catch(fault);
  return { file, passed: outcome.failures.length === 0, ...outcome, ms: Math.round(options.now() - started) };
}

type Outcome = Omit<FileReport, 'file' | 'passed' | 'ms'>;

async function attempt(file: string, options: PlayOptions): Promise<Outcome> {
  const trace = parseTrace(await readFile(file, 'utf8'));
  return trace.ok ? playTrace(file, trace.value, options) : unplayed(trace.error);
}

const unplayed = (failure: string): Outcome => ({
  turns: 0,
  toolCalls: 0,
  failures: [failure],
  warnings: [],
});

function fault(thrown: unknown): Outcome {
  const error = coerceError(thrown);
  const why = error instanceof IronbarkError ? error.explanation : error.message;
  return unplayed(`It could not be played: ${why}`);
}

async function playTrace(file: string, trace: Trace, options: PlayOptions): Promise<Outcome> {
  const model = createReplayModel(trace);
  const network = recordedNetwork(trace.httpExchanges);
  await using stage = await options.openStage({ model, network, memory: trace.memorySnapshot });

  const answer = answerNamedBy(file);
  const scene = { assistant: stage.assistant, conversationId: ulids().next(), answer };
  const played = await playTurns(trace, model, scene, options.turnLimitMs);
  const verdict = judge(trace, played, answer);
  return {
    turns: played.length,
    toolCalls: observe(played.flatMap((turn) => turn.entries)).calls.length,
    failures: [...model.failures(), ...verdict.failures],
    warnings: [...model.warnings(), ...httpWarnings(network), ...verdict.warnings],
  };
}

/** Stops at a turn that does not end: what would follow it was recorded after its end. */
async function playTurns(
  trace: Trace,
  model: ReplayModel,
  scene: Scene,
  limitMs: number,
): Promise<readonly PlayedTurn[]> {
  const played: PlayedTurn[] = [];
  for (const [index, { userInput }] of trace.turns.entries()) {
    model.beginTurn(index);
    const cursor = played.at(-1)?.entries.at(-1)?.seq ?? 0;
    const course = await playTurn(scene, userInput, cursor, limitMs);
    played.push({ ...course, stepsLeft: model.remaining() });
    if (course.unfinished !== undefined) break;
  }
  return played;
}

function httpWarnings(network: RecordedNetwork): readonly string[] {
  if (network.remaining() === 0) return network.warnings();
  return [...network.warnings(), `${network.remaining()} of the recorded HTTP exchanges were not asked for`];
}
