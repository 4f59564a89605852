import type { Clock } from '../../core/clock.ts';
import type { Memory } from '../../memory/index.ts';
import type { FileScope } from '../path-safety.ts';
import type { Tool } from '../tool.ts';
import { echoTool } from './echo.ts';
import { jsonTool } from './json.ts';
import { listDirTool } from './list-dir.ts';
import { memoryReadTool } from './memory-read.ts';
import { memorySearchTool } from './memory-search.ts';
import { memoryTreeTool } from './memory-tree.ts';
import { memoryWriteTool } from './memory-write.ts';
import { readFileTool } from './read-file.ts';
import { timeTool } from './time.ts';
import { writeFileTool } from './write-file.ts';

/** What the tools that come with the assistant work on. */
export interface BuiltinServices {
  readonly clock: Clock;
  readonly memory: Memory;
  readonly files: FileScope;
}

export function createBuiltinTools({ clock, memory, files }: BuiltinServices): readonly Tool[] {
  return [
    echoTool(),
    jsonTool(),
    listDirTool(files),
    memoryReadTool(memory, clock),
    memorySearchTool(memory),
    memoryTreeTool(memory),
    memoryWriteTool(memory, clock),
    readFileTool(files),
    timeTool(clock),
    writeFileTool(files),
  ];
}
