import { DEFAULT_WORK, type WorkSettings } from '../../src/work/index.ts';
import type { Environment } from '../environment.ts';

export const workSettings = ({ settings }: Pick<Environment, 'settings'>): WorkSettings =>
  settings.work ?? DEFAULT_WORK;
