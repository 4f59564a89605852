import type { Row } from './row.ts';

/** What was said and done, for people to keep: tools by what they were called for, without what they answered. */
export function asMarkdown(title: string, rows: readonly Row[]): string {
  const parts = rows.map(textOf).filter((text) => text !== '');
  return `${[`# ${title}`, ...parts].join('\n\n')}\n`;
}

function textOf(row: Row): string {
  switch (row.kind) {
    case 'user':
      return `**${row.origin ?? 'You'}** (${row.at})\n\n${row.text}`;
    case 'answer':
      return row.text === '' ? '' : `**Ironbark**\n\n${row.text}`;
    case 'notice':
      return `**${row.from}**\n\n${row.text}`;
    case 'tool':
      return `> \`${row.tool}\`: ${row.state}`;
    case 'approval':
      return `> \`${row.question.tool}\` asked: ${verdictOf(row)}`;
    case 'plan':
      return row.plan.steps
        .map(({ title, status }) => `- [${status === 'done' ? 'x' : ' '}] ${title}`)
        .join('\n');
    case 'problem':
      return `> ${row.text}`;
    case 'note':
      return '';
  }
}

function verdictOf({ decided }: Extract<Row, { kind: 'approval' }>): string {
  if (!decided) return 'not answered yet';
  return decided === 'late' ? 'not answered' : decided.decision;
}
