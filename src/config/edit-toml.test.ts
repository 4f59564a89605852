import fc from 'fast-check';
import { parse } from 'smol-toml';
import { expect, test } from 'vitest';
import { editToml } from './edit-toml.ts';

const FILE = `# Mine.

[gateway]
# The usual one is taken.
port = 5000  # since May
host = "127.0.0.1"

[llm]
fallback = [
  "openai/a", # first
  "ollama",
]

[user]
timezone = "UTC" # home
`;

const edited = (source: string, changes: Record<string, unknown>): string => {
  const outcome = editToml(source, new Map(Object.entries(changes)));
  if (!outcome.ok) throw new Error(outcome.error);
  return outcome.value;
};

test('a value is changed where it stands, and every other line and comment stays', () => {
  expect(edited(FILE, { 'gateway.port': 4000 })).toBe(FILE.replace('5000', '4000'));
  expect(edited(FILE, { 'user.timezone': 'Asia/Tokyo' })).toBe(FILE.replace('UTC', 'Asia/Tokyo'));
});

test('a new setting follows the last one of its section', () => {
  expect(edited(FILE, { 'gateway.allow_remote': true })).toBe(
    FILE.replace('host = "127.0.0.1"\n', 'host = "127.0.0.1"\nallow_remote = true\n'),
  );
});

test('a new section stands at the end', () => {
  expect(edited(FILE, { 'budget.day_usd': 2.5 })).toBe(`${FILE}\n[budget]\nday_usd = 2.5\n`);
  expect(edited('', { 'budget.day_usd': 2.5 })).toBe('[budget]\nday_usd = 2.5\n');
});

test('a setting that goes takes all lines of its value with it', () => {
  expect(edited(FILE, { 'llm.fallback': undefined })).toBe(FILE.replace(/fallback[^\]]*\]\n/, ''));
});

test('taking away what is not there changes nothing', () => {
  expect(edited(FILE, { 'log.level': undefined })).toBe(FILE);
});

test('a key of the same name in another section or inside a text is left alone', () => {
  const source = '[a]\nport = 1\ntext = """\n[gateway]\nport = 2\n"""\n[gateway]\nport = 3\n';
  expect(edited(source, { 'gateway.port': 9 })).toBe(source.replace('port = 3', 'port = 9'));
});

test('sections that have become empty are no hindrance', () => {
  const source = '[gateway]\n\n[llm]\nmodel = "x"\n';
  expect(edited(source, { 'llm.model': undefined })).toBe('[gateway]\n\n[llm]\n');
  expect(edited('[gateway]\n\n[llm]\n', { 'llm.model': 'y' })).toBe('[gateway]\n\n[llm]\nmodel = "y"\n');
});

test('a file with the line ends of Windows keeps them', () => {
  const source = '[gateway]\r\nport = 1\r\n';
  expect(edited(source, { 'gateway.port': 2, 'gateway.host': 'x' })).toBe(
    '[gateway]\r\nport = 2\r\nhost = "x"\r\n',
  );
});

test.each([
  ['an inline table', 'gateway = { port = 1 }\n'],
  ['a dotted key', 'gateway.port = 1\n'],
])('what is written as %s is left to the person', (_, source) => {
  expect(editToml(source, new Map([['gateway.port', 2]]))).toEqual({ ok: false, error: 'gateway.port' });
});

test('whatever text is written, it is read again as it was', () => {
  const value = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.boolean(),
    fc.integer({ min: -1_000_000, max: 1_000_000 }),
    fc.array(fc.string({ unit: 'grapheme' })),
  );
  fc.assert(
    fc.property(value, (wanted) => {
      const read = parse(edited(FILE, { 'llm.model': wanted }));
      expect(read).toMatchObject({ llm: { model: wanted }, gateway: { port: 5000 } });
    }),
  );
});
