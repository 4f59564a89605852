import { readFileSync } from 'node:fs';
import type { Job } from './job.ts';

let form: string | undefined;

/** What the turn engine is told of a job. */
export function orderText({ description, projectDir }: Pick<Job, 'description' | 'projectDir'>): string {
  form ??= readFileSync(new URL('prompts/order.md', import.meta.url), 'utf8').trimEnd();
  const words: Readonly<Record<string, string>> = { description, folder: projectDir };
  return form.replace(/\{(description|folder)\}/g, (_, name: string) => words[name] ?? '');
}
