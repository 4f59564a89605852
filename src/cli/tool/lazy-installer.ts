import type { Logger } from 'pino';
import type { Secrets } from '../../secrets/index.ts';
import type { Home } from '../../storage/index.ts';
import type { ToolInstaller } from '../../tools/index.ts';

export interface InstallerOptions {
  readonly home: Home;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly vault: Secrets;
  /** Whether a tool of that name is built in. */
  readonly isTaken: (name: string) => boolean;
  readonly log: Logger;
}

/** What it takes to install tools is loaded when one is: most assistants never do. */
export function createLazyInstaller(options: InstallerOptions): ToolInstaller {
  let loaded: Promise<ToolInstaller> | undefined;
  const load = (): Promise<ToolInstaller> => {
    loaded ??= import('./installer.ts').then(({ createInstaller }) => createInstaller(options));
    return loaded;
  };
  return {
    read: async (path) => (await load()).read(path),
    install: async (path, print) => (await load()).install(path, print),
    remove: async (name) => (await load()).remove(name),
    needs: async (name) => (await load()).needs(name),
  };
}
