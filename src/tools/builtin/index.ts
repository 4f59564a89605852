import type { Clock } from '../../core/clock.ts';
import type { RoutinesDesk } from '../../core/routines.ts';
import type { WorkDesk } from '../../core/work.ts';
import type { Memory } from '../../memory/index.ts';
import { createFileChanges } from '../files/changes.ts';
import type { AskMemory, FindTalk } from '../memory-services.ts';
import type { Messenger } from '../messenger.ts';
import type { FileScope } from '../path-safety.ts';
import type { CommandPlace } from '../shell/command-place.ts';
import type { Tool } from '../tool.ts';
import type { WebServices } from '../web/ask-server.ts';
import { applyPatchTool } from './apply-patch.ts';
import { echoTool } from './echo.ts';
import { fileUndoTool } from './file-undo.ts';
import { globTool } from './glob.ts';
import { grepTool } from './grep.ts';
import { httpTool } from './http.ts';
import { jobTools } from './job-tools.ts';
import { jsonTool } from './json.ts';
import { listDirTool } from './list-dir.ts';
import { memoryReadTool } from './memory-read.ts';
import { memorySearchTool } from './memory-search.ts';
import { memoryTreeTool } from './memory-tree.ts';
import { memoryWriteTool } from './memory-write.ts';
import { messageTool } from './message.ts';
import { planUpdateTool } from './plan-update.ts';
import { type RareServices, rareTools } from './rare-tools.ts';
import { readFileTool } from './read-file.ts';
import { resultReadTool } from './result-read.ts';
import { routineTools } from './routine-tools.ts';
import { shellTool } from './shell.ts';
import { type Agents, spawnAgentTool } from './spawn-agent.ts';
import { timeTool } from './time.ts';
import { webFetchTool } from './web-fetch.ts';
import { writeFileTool } from './write-file.ts';

/** What the tools that come with the assistant work on. */
export interface BuiltinServices extends RareServices {
  readonly clock: Clock;
  readonly memory: Memory;
  /** Answers questions from what memory holds. Without it what was found is shown. */
  readonly askMemory?: AskMemory;
  /** What was said in other conversations. Without it only documents are searched. */
  readonly findTalk?: FindTalk;
  readonly files: FileScope;
  /** Where the shell tool runs its commands; on this machine unless given. */
  readonly commands?: CommandPlace;
  /** Where what files held before a change is kept, 500 MB at most. Without it no change can be taken back. */
  readonly undoDir?: string;
  /** The way to the user's other conversations. Without it there is no tool that uses it. */
  readonly messenger?: Messenger;
  /** The way to the network. Without it there are no tools that use it. */
  readonly web?: WebServices;
  /** Without it no agents can be sent. */
  readonly agents?: Agents;
  /** Without it no jobs can be ordered. */
  readonly work?: WorkDesk;
  /** Without it there are no tools for routines. */
  readonly routines?: RoutinesDesk;
}

export function createBuiltinTools(services: BuiltinServices): readonly Tool[] {
  const { clock, memory, files, undoDir, messenger, web, agents, routines, work } = services;
  const changes = createFileChanges(undoDir);
  return [
    applyPatchTool(files, changes),
    echoTool(),
    fileUndoTool(files, changes),
    globTool(files),
    grepTool(files),
    jsonTool(),
    listDirTool(files),
    memoryReadTool(memory, clock),
    memorySearchTool(services),
    memoryTreeTool(memory),
    memoryWriteTool(memory, clock),
    planUpdateTool(),
    readFileTool(files, changes),
    resultReadTool(),
    shellTool(files, services.commands),
    timeTool(clock),
    writeFileTool(files, changes),
    ...rareTools(services, services),
    ...(messenger ? [messageTool(messenger)] : []),
    ...(agents ? [spawnAgentTool(agents)] : []),
    ...(work ? jobTools(work, services) : []),
    ...(routines ? routineTools(routines) : []),
    ...(web ? [httpTool({ ...web, files }), webFetchTool(web)] : []),
  ];
}
