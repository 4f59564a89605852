import type { Logger } from 'pino';
import { fromCallback } from 'xstate';
import type { Shelf } from '../../sandbox/index.ts';
import type { ToolFolder } from '../../src/extensions/index.ts';
import { reportProgress } from '../../src/runtime/index.ts';

export interface ToolFolderInput {
  readonly shelf: Shelf;
  readonly folder: ToolFolder;
  readonly log: Logger;
}

/** Keeps the tools that can be called as the tools folder is: at the start, and whenever it changes. */
export const toolFolder = fromCallback<{ type: 'look' }, ToolFolderInput>(({ input, self }) => {
  const { shelf, folder, log } = input;
  const look = (): void => {
    shelf.refresh().then(
      () => reportProgress(self),
      (error: unknown) => log.warn({ err: error }, 'the tools folder cannot be read'),
    );
  };
  const watch = folder.watch(look);
  look();
  return () => watch.close();
});
