import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseToolArguments, unparsedArguments } from './tool-arguments.ts';

test('arguments are read as the model wrote them', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string().filter((key) => key !== '$unparsed' && key !== '__proto__'),
        fc.jsonValue(),
      ),
      (args) => {
        const text = JSON.stringify(args);
        expect(parseToolArguments(text)).toEqual(JSON.parse(text));
        expect(parseToolArguments(JSON.stringify(text))).toEqual(JSON.parse(text));
        expect(unparsedArguments(parseToolArguments(text))).toBeUndefined();
      },
    ),
  );
});

test.each(['', '  ', 'null', '{}', '"{}"'])('%j is a call without arguments', (text) => {
  expect(parseToolArguments(text)).toEqual({});
});

test.each(['{"path": "a', '[1]', '5', '"text"', 'path=a'])('%j is kept for the model to be told', (text) => {
  expect(unparsedArguments(parseToolArguments(text))).toBe(text);
});

test('no text makes it throw', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseToolArguments(text)));
});
