export { createModel } from './create-model.ts';
export {
  FREE_AND_WIDE,
  type Model,
  type ModelAnswer,
  type ModelLimits,
  type ModelMessage,
  type ModelRequest,
  type Picture,
  type Price,
  type ThinkingLevel,
  type ToolDescription,
} from './model.ts';
export { createReplayModel, type ReplayModel } from './replay/replay-model.ts';
export {
  type HttpExchange,
  parseExchanges,
  parseTrace,
  type Trace,
  type TraceExpectations,
  type TraceTurn,
} from './replay/trace.ts';
export { type Environment, type LlmConfig, type ModelSettings, selectModel } from './settings.ts';
export { renderSystemPrompt } from './system-prompt.ts';
export { unparsedArguments } from './tool-arguments.ts';
export {
  findCall,
  findResult,
  type MadeCall,
  redoableTurns,
  renderTranscript,
  visibleTurns,
} from './transcript.ts';
