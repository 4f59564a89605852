import { readFileSync } from 'node:fs';

/** The text of a prompt file of this folder, without the newline at its end. */
export function readPrompt(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8').trimEnd();
}
