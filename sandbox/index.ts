export type { Artefact } from './artefact.ts';
export { type Builder, type BuildRefusal, createBuilder } from './build/index.ts';
export { CallDesk, type CallOutcome, type CallRequest } from './call/call-desk.ts';
export { CHANNEL_ENTRIES, type ChannelEntry } from './call/entry.ts';
export { createInvokeTool, type InvokeTool } from './call/invoke-tool.ts';
export type { SandboxedTool } from './call/sandboxed-tool.ts';
export {
  type CallLimits,
  type ChannelHost,
  DEFAULT_CALL_LIMITS,
  type SandboxServices,
} from './call/services.ts';
export {
  createSlotPool,
  type GuestLog,
  type Slot,
  type SlotPool,
  startSlot,
} from './pool/index.ts';
export { asTool, type RunSandboxCall } from './shelf/as-tool.ts';
export { createDescriptionCache } from './shelf/describe.ts';
export { grant, type LoadServices, loadTool, type ReadTool, type ToolSource } from './shelf/load-tool.ts';
export { createShelf, type Shelf, type ShelfEntry } from './shelf/shelf.ts';
