import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fits, fitsPath } from '../core/wildcard.ts';
import { createRuleFile, type RuleSet } from './index.ts';
import { readRules } from './read-rules.ts';

const read = (text: string) => readRules('policy.toml', Buffer.from(text));

const EXAMPLE = `
[tools]
forbidden = ["shell", "browser_*"]
[users.owner]
forbidden = ["http"]

[[rules]]                                    # first that fits
tool = "write_file"
path = "/srv/notes/"
approval = "never"
[[rules]]
tool = "http"
host = "*.example.com"
argument.method = "GET"
argument.redirects = 3
approval = "unless-granted"
even_if_influenced = true
`;

describe('a policy file', () => {
  test('says who may not use what, and what is decided beforehand, with the lines where it stands', () => {
    expect(read(EXAMPLE)).toEqual({
      ok: true,
      value: {
        forbidden: [
          { tool: 'shell', where: 'policy.toml, line 3' },
          { tool: 'browser_*', where: 'policy.toml, line 3' },
        ],
        users: new Map([['owner', [{ tool: 'http', where: 'policy.toml, line 5' }]]]),
        rules: [
          {
            tool: 'write_file',
            targets: new Map([['path', '/srv/notes/**']]),
            arguments: new Map(),
            approval: 'never',
            evenIfInfluenced: false,
            where: 'policy.toml, line 7',
          },
          {
            tool: 'http',
            targets: new Map([['host', '*.example.com']]),
            arguments: new Map([
              ['method', 'GET'],
              ['redirects', '3'],
            ]),
            approval: 'unless-granted',
            evenIfInfluenced: true,
            where: 'policy.toml, line 11',
          },
        ],
      } satisfies RuleSet,
    });
  });

  test('may be empty, and may name the own folder', () => {
    expect(read('# nothing yet')).toMatchObject({ ok: true, value: { forbidden: [], rules: [] } });
    expect(read('[[rules]]\ntool = "x"\npath = "~/a"\napproval = "never"')).toMatchObject({
      value: { rules: [{ targets: new Map([['path', `${homedir()}/a`]]) }] },
    });
  });

  test.each<[string, number | undefined, string]>([
    ['[tools]\nforbidden = [', 2, ''],
    ['[tools\n', 1, ''],
    ['\n[tool]\nforbidden = ["a"]', 2, 'unknown key "tool" (allowed: tools, users, rules)'],
    ['[tools]\n\nforbiden = ["a"]', 3, 'unknown key "forbiden" (allowed: forbidden)'],
    ['[users.owner]\nallowed = []', 2, 'unknown key "allowed" (allowed: forbidden)'],
    ['[tools]\nforbidden = "shell"', 2, 'forbidden must be a list, as in ["shell", "browser_*"]'],
    ['[tools]\nforbidden = [1]', 2, 'forbidden must be a text in quotes'],
    ['[tools]\nforbidden = [""]', 2, 'forbidden must not be empty'],
    ['tools = 1', 1, 'tools must be a section'],
    ['rules = 1', 1, 'rules must be written as [[rules]]'],
    ['[[rules]]\ntool = "a"', 1, 'approval is missing; it must be "never", "unless-granted", "always" or'],
    ['[[rules]]\napproval = "never"', 1, 'tool is missing; it must be a text in quotes'],
    [
      '[[rules]]\ntool = "a"\napproval = "never"\n[[rules]]\ntool = "b"\napproval = "nevr"',
      6,
      'approval must be "never", "unless-granted", "always" or "forbidden"',
    ],
    [
      '[[rules]]\ntool = "a"\napproval = "never"\n[[rules]]\ntol = "b"\napproval = "never"',
      4,
      'tool is missing',
    ],
    [
      '[[rules]]\ntool = "a"\napproval = "never"\nhosts = "b"',
      4,
      'unknown key "hosts" (allowed: tool, path, host, recipient, command, document, argument, approval, even_if_influenced)',
    ],
    [
      '[[rules]]\ntool = "a"\napproval = "never"\npath = "notes/**"',
      4,
      'path must begin with "/", "~/" or "**"',
    ],
    [
      '[[rules]]\ntool = "a"\napproval = "never"\neven_if_influenced = "yes"',
      4,
      'even_if_influenced must be true',
    ],
    [
      '[[rules]]\ntool = "a"\napproval = "never"\nargument = "x"',
      4,
      'argument must be written as argument.NAME',
    ],
    [`# ${'x'.repeat(33_000)}`, undefined, 'it has more than 32768 bytes'],
    [`tools.forbidden = [${'"a",'.repeat(1_001)}]`, undefined, 'it has 1001 entries; 1000 are read at most'],
  ])('that is mistaken counts for nothing and says where: %j', (text, line, message) => {
    const result = read(text);
    expect(result).toMatchObject({ ok: false, error: { file: 'policy.toml', line } });
    expect(result.ok ? '' : result.error.message).toContain(message);
    expect(result.ok ? '' : result.error.hint).not.toBe('');
  });

  test('that is no text at all is no policy either', () => {
    const result = readRules('policy.toml', Uint8Array.of(0xff, 0xfe));
    expect(result).toMatchObject({ ok: false, error: { message: 'it is not a text in UTF-8' } });
  });

  test('never throws, whatever it holds', () => {
    const pieces = fc.constantFrom(
      '[tools]',
      '[[rules]]',
      'tool',
      '=',
      '"a"',
      '\n',
      '[',
      ']',
      'approval',
      '__proto__',
      '.',
      '{',
      '}',
      '1',
      "'",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 30 }), (parts) => {
        read(parts.join(' '));
        read(parts.join(''));
      }),
    );
  });
});

describe('the file is looked at each time', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'policy-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('so that an edit counts at once, a mistake closes everything, and mending it opens it again', async () => {
    const path = join(folder, 'policy.toml');
    const file = createRuleFile(path);
    expect(await file.current()).toMatchObject({ ok: true, value: { forbidden: [] } });
    await writeFile(path, 'tools.forbidden = ["a"]');
    expect(await file.current()).toMatchObject({ value: { forbidden: [{ tool: 'a' }] } });
    await writeFile(path, 'tools.forbidden = [a]');
    await utimes(path, 1, 1);
    expect(await file.current()).toMatchObject({ ok: false, error: { file: path, line: 1 } });
    await writeFile(path, 'tools.forbidden = ["b"]');
    await utimes(path, 2, 2);
    expect(await file.current()).toMatchObject({ value: { forbidden: [{ tool: 'b' }] } });
    await rm(path);
    expect(await file.current()).toMatchObject({ ok: true, value: { forbidden: [] } });
  });

  test('and read only where it changed', async () => {
    const path = join(folder, 'policy.toml');
    await writeFile(path, EXAMPLE);
    const file = createRuleFile(path);
    const [first, second] = [await file.current(), await file.current()];
    expect(second).toBe(first);
  });

  test('what is there but no file that can be read is trouble, not the absence of rules', async () => {
    const path = join(folder, 'policy.toml');
    await mkdir(path);
    expect(await createRuleFile(path).current()).toMatchObject({
      ok: false,
      error: { line: undefined, message: 'it cannot be read (it is not a file)' },
    });
    const link = join(folder, 'link.toml');
    await symlink(join(folder, 'nowhere'), link);
    expect(await createRuleFile(link).current()).toMatchObject({ ok: false });
    const large = join(folder, 'large.toml');
    await writeFile(large, '#'.repeat(1_000_000));
    expect(await createRuleFile(large).current()).toMatchObject({
      error: { message: 'it has more than 32768 bytes' },
    });
  });

  test('a folder that does not exist holds no rules', async () => {
    expect(await createRuleFile(join(folder, 'none', 'policy.toml')).current()).toMatchObject({ ok: true });
  });
});

describe('a pattern', () => {
  test.each([
    ['shell', 'shell', true],
    ['shell', 'shell_2', false],
    ['browser_*', 'browser_open', true],
    ['browser_*', 'browser_', true],
    ['*', '', true],
    ['*.example.com', 'a.b.example.com', true],
    ['*.example.com', 'example.com', false],
    ['*.example.com', 'a.example.com.evil.org', false],
    ['a*b*c', 'abxbxc', true],
    ['a.c', 'abc', false],
  ])('%j and %j: %s', (pattern, text, expected) => expect(fits(pattern, text)).toBe(expected));

  test.each([
    ['/srv/notes/**', '/srv/notes/a/b', true],
    ['/srv/notes/**', '/srv/notes', true],
    ['/srv/notes/**', '/srv/notes-2/a', false],
    ['/srv/*/a', '/srv/x/a', true],
    ['/srv/*/a', '/srv/x/y/a', false],
    ['**/*.env', '/srv/x/y/.env', true],
    ['**/*.env', '/srv/x.env/y', false],
    ['/srv/**/a/**/b', '/srv/a/x/a/y/b', true],
  ])('of a path, %j and %j: %s', (pattern, path, expected) => expect(fitsPath(pattern, path)).toBe(expected));

  test('means the same as a regular expression with ".*" for each star', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    const plain = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
    fc.assert(
      fc.property(text, plain, (pattern, value) => {
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(value);
        expect(fits(pattern, value)).toBe(expected);
      }),
    );
  });

  test('takes no time without end', () => {
    const start = performance.now();
    expect(fits('*a'.repeat(100), 'a'.repeat(4_096).concat('b'))).toBe(false);
    expect(performance.now() - start).toBeLessThan(500);
  });
});
