import { resolve } from 'node:path';
import { createFileScope, type FileScope } from '../tools/index.ts';
import type { StartOptions } from './start-options.ts';

/** The files that the assistant and whoever talks to it may touch: never those of its own home, beside the folder. */
export const fileScope = ({ config, home }: Pick<StartOptions, 'config' | 'home'>): FileScope =>
  createFileScope({ root: resolve(home.path, config.files.root), forbidden: [home.path] });
