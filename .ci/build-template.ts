import { join } from 'node:path';
import { PACKAGE_ROOT } from '../src/core/package-root.ts';
import { buildTemplate } from '../src/storage/template/build-template.ts';

/** Makes the template of an empty database that shortens the first start; it is shipped with the package. */
const path = await buildTemplate(join(PACKAGE_ROOT, '.cache'), join(PACKAGE_ROOT, 'migrations'));
console.log(`database template: ${path}`);
