import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import { temporaryFolder } from '../../storage/testing/temporary-folder.ts';
import { type AskModel, createFileScope, type PictureQuestion } from '../index.ts';
import { callTool } from '../testing.ts';
import { imageAnalyzeTool } from './image-analyze.ts';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const PAID = { sql: 'select 1' };

let root: string;
let asked: PictureQuestion[];
beforeEach(() => {
  root = join(temporaryFolder(), 'files');
  mkdirSync(root);
  asked = [];
});

const sees: AskModel = async (order) => {
  asked.push(order);
  return { ok: true, text: 'A cat.', writes: [PAID] };
};
const look = (args: JsonObject, ask: AskModel = sees) =>
  callTool([imageAnalyzeTool(createFileScope({ root, temporary: [] }), ask)], 'image_analyze', args);
const put = (name: string, bytes: Uint8Array): void => writeFileSync(join(root, name), bytes);

describe('image_analyze', () => {
  test('has a model look at the picture, and says whose words the answer holds', async () => {
    put('cat.dat', PNG);
    const output = await look({ image_path: 'cat.dat', question: 'What animal?' });
    expect(output).toEqual({ ok: true, content: 'A cat.', writes: [PAID], origins: ['the picture cat.dat'] });
    expect(asked).toMatchObject([
      {
        effectId: 'effect-1',
        turnId: 'turn-1',
        question: 'What animal?',
        pictures: [{ mediaType: 'image/png' }],
      },
    ]);
    expect(Buffer.from(asked[0]?.pictures[0]?.data ?? [])).toEqual(PNG);
  });

  test.each([
    ['image/jpeg', Buffer.from('ffd8ffe000104a464946', 'hex')],
    ['image/gif', Buffer.from('GIF89a......')],
    ['image/webp', Buffer.from('RIFF\x10\x00\x00\x00WEBPVP8 ')],
  ])('knows %s by its first bytes', async (mediaType, bytes) => {
    put('picture', bytes);
    expect((await look({ path: 'picture' })).ok).toBe(true);
    expect(asked[0]?.pictures[0]?.mediaType).toBe(mediaType);
  });

  test('sends nothing that is no picture, lies elsewhere or is not there', async () => {
    put('notes.png', Buffer.from('secret plans'));
    writeFileSync(join(root, '..', 'outside.png'), PNG);
    symlinkSync(join(root, '..', 'outside.png'), join(root, 'link.png'));
    expect((await look({ image_path: 'notes.png' })).content).toContain('PNG, JPEG, WebP or GIF');
    expect((await look({ image_path: '../outside.png' })).content).toContain(
      'outside of what may be touched',
    );
    expect((await look({ image_path: 'link.png' })).content).toContain('outside of what may be touched');
    expect((await look({ image_path: 'gone.png' })).content).toContain('does not exist');
    expect(asked).toEqual([]);
  });

  test('sends nothing that is too large', async () => {
    put('large.png', Buffer.concat([PNG, Buffer.alloc(10 * 1024 * 1024)]));
    expect((await look({ image_path: 'large.png' })).content).toContain('files up to');
    expect(asked).toEqual([]);
  });

  test('passes on why no model can look, and what the attempt cost', async () => {
    put('cat.png', PNG);
    const blind: AskModel = async () => ({ ok: false, message: 'm-1 sees no pictures.', writes: [PAID] });
    expect(await look({ image_path: 'cat.png' }, blind)).toMatchObject({
      ok: false,
      content: 'm-1 sees no pictures.',
      writes: [PAID],
    });
  });
});
