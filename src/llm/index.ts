export { announcesCall } from './announcement.ts';
export { costMicroUsd } from './catalogue/cost.ts';
export { PROVIDERS, type ProviderName } from './catalogue/providers.ts';
export { type ModelReference, parseModelReference } from './catalogue/reference.ts';
export { compactionRequest, piecesOf } from './context/compaction-request.ts';
export { type FitOptions, type FittedTranscript, fitTranscript } from './context/fit-transcript.ts';
export { IDENTITY_CHARACTERS, IDENTITY_PATHS, renderIdentity } from './context/identity.ts';
export { measureText, measureTools } from './context/measure.ts';
export { type CompactionPlan, planCompaction } from './context/plan-compaction.ts';
export { promptWindow } from './context/window.ts';
export { createModel, type ModelOptions } from './create-model.ts';
export { type EmbedOptions, embedTexts } from './embed-texts.ts';
export { type ListOptions, listModels } from './list-models.ts';
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
export type { ModelListing } from './model-listing.ts';
export { NUDGES } from './nudges.ts';
export { type ProviderState, providerStates } from './provider-states.ts';
export { createReplayModel, type ReplayModel } from './replay/replay-model.ts';
export {
  type HttpExchange,
  parseExchanges,
  parseTrace,
  type Trace,
  type TraceExpectations,
  type TraceTurn,
} from './replay/trace.ts';
export {
  type Environment,
  type LlmConfig,
  type ModelPlan,
  type ModelSettings,
  modelName,
  resolveModel,
  type StoredChoice,
  selectModels,
} from './settings.ts';
export { renderSystemPrompt } from './system-prompt.ts';
export { type ModelTest, type TestOptions, testModel } from './test-model.ts';
export { countTokens } from './tokens/count-tokens.ts';
export { tokensAbout } from './tokens/estimate.ts';
export { rejectedArguments, rejectionIn, unparsedArguments } from './tool-arguments.ts';
export { findCall, findResult, knownResults, type MadeCall } from './transcript/calls.ts';
export {
  hiddenTurns,
  latestCompaction,
  readHistory,
  visibleTurns,
} from './transcript/history.ts';
export { isTransient } from './transient.ts';
export { agentPrompt, asidePrompts, PLANNING_PROMPT } from './turn-prompts.ts';
