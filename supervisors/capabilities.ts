import { memoryIndexer } from '../actors/memory-indexer.ts';
import { type MemoryListenerInput, memoryListener } from '../actors/memory-listener.ts';
import type { ModelsInput } from '../actors/models/models.ts';
import type { Sandbox } from '../actors/sandbox/sandbox.ts';
import type { ShellContainers } from '../actors/shell/shell-containers.ts';
import type { Vectors } from '../src/memory/index.ts';
import { supervisor } from '../src/runtime/index.ts';
import { models } from './models.ts';
import { sandbox } from './sandbox.ts';
import { shell } from './shell.ts';

/** What conversations make use of. A part that fails takes no other with it; conversations are told, and go on. */
export const capabilities = (parts: {
  readonly models: ModelsInput;
  readonly sandbox?: Sandbox | undefined;
  /** Absent: commands run on this machine. */
  readonly shell?: ShellContainers | undefined;
  readonly memory: MemoryListenerInput;
  readonly vectors?: Vectors | undefined;
}) =>
  supervisor({
    strategy: 'one_for_one',
    intensity: 5,
    period: 30,
    children: [
      { id: 'models', logic: models(parts.models) },
      { id: 'memory-listener', logic: memoryListener, input: parts.memory },
      ...(parts.vectors ? [{ id: 'memory-indexer', logic: memoryIndexer(parts.vectors) }] : []),
      ...(parts.shell ? [{ id: 'shell', logic: shell(parts.shell) }] : []),
      ...(parts.sandbox ? [{ id: 'sandbox', logic: sandbox(parts.sandbox) }] : []),
    ],
  });
