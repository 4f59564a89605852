import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { IronbarkError } from '../src/core/errors.ts';

/** A file with one JSON value a line, each as the schema has it. Says which line is not. */
export function readJsonLines<T>(file: string, schema: z.ZodType<T>): readonly T[] {
  const lines = textOf(file).split('\n');
  return lines.flatMap((line, at) => (line.trim() === '' ? [] : [parsed(line, `${file}:${at + 1}`, schema)]));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new IronbarkError('usage', `${file} cannot be read.`);
  }
}

function parsed<T>(line: string, where: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(line));
  } catch (error) {
    throw new IronbarkError('usage', `${where} is not as it should be: ${String(error)}`);
  }
}
