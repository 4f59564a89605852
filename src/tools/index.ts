export type { AskModel, PictureAnswer, PictureQuestion } from './ask-model.ts';
export { type BuiltinServices, createBuiltinTools } from './builtin/index.ts';
export { type Agents, type AgentTask, SPAWN_TOOL, spawnAgentTool } from './builtin/spawn-agent.ts';
export { coerceArguments } from './coerce.ts';
export { defineTool, type ToolDefinition } from './define-tool.ts';
export { type Offer, offeredTools } from './disclosure/offered-tools.ts';
export type { GivenTool, NeededSecret, ToolInstaller } from './installer.ts';
export type {
  AskMemory,
  FindTalk,
  MemoryAnswer,
  MemoryQuestion,
  SaidBefore,
} from './memory-services.ts';
export type { MeantPlace, Messenger, Place } from './messenger.ts';
export { createFileScope, type FileScope, type FileScopeOptions } from './path-safety.ts';
export { createToolRegistry, type RegistryOptions, type ToolRegistry } from './registry.ts';
export { isSensitive } from './sensitive-paths.ts';
export { type CommandOrder, type CommandPlace, onThisMachine } from './shell/command-place.ts';
export type { CommandOutcome } from './shell/run-command.ts';
export {
  type EarlierCall,
  type EarlierResult,
  isConsequential,
  type Planning,
  type Power,
  powersOf,
  type Target,
  type Tool,
  type ToolContext,
  type ToolOutput,
} from './tool.ts';
export type { WebServices } from './web/ask-server.ts';
