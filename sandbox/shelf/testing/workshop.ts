import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../../../src/storage/testing/temporary-folder.ts';
import { createBuilder } from '../../build/index.ts';
import { createSlotPool, startSlot } from '../../pool/index.ts';
import { buildWat } from '../../testing/guests/index.ts';
import { createDescriptionCache } from '../describe.ts';
import type { LoadServices } from '../load-tool.ts';

/** A builder and a pool of one slot, which are gone after the test. */
export function openWorkshop(): LoadServices & { readonly built: () => number } {
  const folder = temporaryFolder();
  const pool = createSlotPool();
  const slot = startSlot();
  pool.add(slot);
  onTestFinished(async () => {
    slot.kill();
    await slot.ended;
  });
  const builder = createBuilder({ cacheDir: join(folder, 'components') });
  let built = 0;
  return {
    builder: {
      ...builder,
      component(...args) {
        built += 1;
        return builder.component(...args);
      },
    },
    pool,
    descriptions: createDescriptionCache(join(folder, 'descriptions')),
    built: () => built,
  };
}

/** The echoing guest with another schema of the same length, or another body of `description()`. */
export async function echoWith(change: {
  readonly schema?: string;
  readonly description?: string;
}): Promise<Uint8Array> {
  const wat = await readFile(new URL('../../testing/guests/wat/echo.wat', import.meta.url), 'utf8');
  const schema = change.schema ?? '{"type":"object"}';
  if (schema.length > 60) throw new Error('there is room for 60 characters');
  const body = change.description ?? '(call $text (i32.const 1088) (i32.const 24))';
  return buildWat(
    wat
      .replace('{\\"type\\":\\"object\\"}', schema.replaceAll('"', '\\"'))
      .replace(
        '(call $text (i32.const 1024) (i32.const 17))',
        `(call $text (i32.const 1024) (i32.const ${schema.length}))`,
      )
      .replace('(call $text (i32.const 1088) (i32.const 24))', body),
  );
}
