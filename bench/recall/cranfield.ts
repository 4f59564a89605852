import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Abstracts of papers on aerodynamics, questions of their readers, and which abstracts answer which. */
export interface Cranfield {
  readonly abstracts: readonly { readonly path: string; readonly content: string }[];
  readonly questions: readonly { readonly text: string; readonly answers: ReadonlySet<string> }[];
}

const pathOf = (number: string): string => `papers/${number}.md`;

/** Reads the collection from a folder. Undefined where it is not there. */
export function readCranfield(folder: string): Cranfield | undefined {
  try {
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    const answers = answersIn(read('cranqrel'));
    return {
      abstracts: recordsIn(read('cran.all.1400')).map(({ number, text }) => ({
        path: pathOf(number),
        content: text,
      })),
      questions: recordsIn(read('cran.qry')).map(({ text }, at) => ({
        text,
        answers: answers.get(String(at + 1)) ?? new Set<string>(),
      })),
    };
  } catch {
    return undefined;
  }
}

interface CranfieldRecord {
  readonly number: string;
  readonly text: string;
}

/** `.I` begins a record, `.W` its text. */
function recordsIn(file: string): readonly CranfieldRecord[] {
  return file.split(/^\.I /m).flatMap((record) => {
    const number = /^\d+/.exec(record)?.[0];
    const text = record.split(/^\.W$/m)[1];
    return number === undefined || text === undefined ? [] : [{ number, text: text.trim() }];
  });
}

/** The questions are judged by their place in the file, not by the number they carry. `-1` and `5` mean no answer. */
function answersIn(file: string): ReadonlyMap<string, ReadonlySet<string>> {
  const answers = new Map<string, Set<string>>();
  for (const line of file.split('\n')) {
    const [question, abstract, grade] = line.trim().split(/\s+/);
    if (question === undefined || abstract === undefined || !/^[1-4]$/.test(grade ?? '')) continue;
    answers.set(question, (answers.get(question) ?? new Set()).add(pathOf(abstract)));
  }
  return answers;
}
