import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonElements } from './json-elements.ts';

async function read(text: string | Buffer, chunkBytes = 7): Promise<readonly unknown[]> {
  const bytes = Buffer.from(text);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  const elements: unknown[] = [];
  for await (const element of jsonElements(chunks()))
    elements.push(element.ok ? element.value : `error: ${element.error}`);
  return elements;
}

test('gives what JSON.parse gives, however the bytes are cut', async () => {
  const objects = fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(
      objects,
      fc.nat({ max: 60 }),
      fc.constantFrom(undefined, 2),
      async (list, size, indent) => {
        const text = JSON.stringify(list, undefined, indent);
        expect(await read(text, size + 1)).toEqual(JSON.parse(text));
      },
    ),
    { numRuns: 200 },
  );
});

describe('in a file that is broken', () => {
  test.each<[string, readonly unknown[]]>([
    ['[{"a":1},{"b":', [{ a: 1 }, 'error: It ends before its list does: the file is incomplete.']],
    ['[{"a":1}', [{ a: 1 }, 'error: It ends before its list does: the file is incomplete.']],
    ['[{"a":1},{"a":x},{"b":2}]', [{ a: 1 }, 'error: It is not valid JSON.', { b: 2 }]],
    ['[{"a":"]}"},{"b":"\\"}"}]', [{ a: ']}' }, { b: '"}' }]],
    ['\ufeff [ ]\n', []],
    ['', ['error: It is empty.']],
    ['{"a":1}', ['error: It is not a list in JSON.']],
    ['[{"a":1}, 2, {"b":1}]', [{ a: 1 }, expect.stringContaining('other than objects')]],
    ['[{"a":1}] {}', [{ a: 1 }, 'error: Something follows the end of its list.']],
  ])('%s: what can be read is', async (text, expected) => {
    expect(await read(text)).toEqual(expected);
    expect(await read(text, 1)).toEqual(expected);
  });

  test('bytes that are not UTF-8 spoil only themselves', async () => {
    const bytes = Buffer.concat([Buffer.from('[{"a":"'), Buffer.from([0xff]), Buffer.from('"},{"b":1}]')]);
    expect(await read(bytes)).toEqual([{ a: '\ufffd' }, { b: 1 }]);
  });
});
