import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../core/package-root.ts';

export const MIGRATIONS: string = join(PACKAGE_ROOT, 'migrations');
