import type { Logger } from 'pino';
import { fromCallback } from 'xstate';
import type { Shelf } from '../../sandbox/index.ts';
import type { ToolFolder } from '../../src/extensions/index.ts';

export interface ToolFolderInput {
  /** Whether there is anything in the folder. */
  readonly isUsed: () => Promise<boolean>;
  /** Loads what tools from outside need, once: most assistants have none, and start without it. */
  readonly open: () => Promise<OpenedFolder>;
  /** Called after the first look: from now on models are told of these tools. */
  readonly onLooked: () => void;
  readonly log: Logger;
}

export interface OpenedFolder {
  readonly shelf: Shelf;
  readonly folder: ToolFolder;
}

/** How often an empty folder is looked into, in milliseconds. One with a tool in it is watched. */
const POLL_MS = 1_000;

/** How often it is looked what of the tools was approved, in milliseconds; a call looks for itself. */
const LOOK_MS = 5_000;

/** Keeps the tools that can be called as the tools folder is: at the start, and whenever it changes. */
export const toolFolder = fromCallback<{ type: 'look' }, ToolFolderInput>(({ input }) => {
  const { isUsed, open, onLooked, log } = input;
  let close = (): void => {};
  let stopped = false;

  async function begin(): Promise<void> {
    if (!(await isUsed())) {
      const timer = setTimeout(attempt, POLL_MS);
      close = () => clearTimeout(timer);
      return;
    }
    const { shelf, folder } = await open();
    if (stopped) return;
    const look = (): void => void shelf.refresh().catch(complain);
    const watch = folder.watch(look);
    // What was approved lies elsewhere, and nothing reports a change of it.
    const timer = setInterval(look, LOOK_MS);
    close = () => {
      watch.close();
      clearInterval(timer);
    };
    await shelf.refresh();
  }
  const complain = (error: unknown): void => log.warn({ err: error }, 'the tools folder cannot be read');
  function attempt(): void {
    if (stopped) return;
    void begin().catch(complain).finally(onLooked);
  }

  attempt();
  return () => {
    stopped = true;
    close();
  };
});
