interface Shown {
  readonly title: string;
  readonly about: string;
  readonly file: string;
}

/** The page of all statecharts. Its images lie beside it in `diagrams/`. */
export function chartsPage(charts: readonly Shown[]): string {
  return [HOW_TO_READ, ...charts.map(section)].join('\n');
}

const section = ({ title, about, file }: Shown): string =>
  `## ${title}\n\n${about} (\`machines/${file}\`)\n\n![${title}](diagrams/${file.replace(/\.ts$/, '.svg')})\n`;

const HOW_TO_READ = `# Statecharts

Drawn from the machines that run, by \`npm run statecharts\`; do not edit. \`/inspect\` in the browser shows the same
charts alive.

A box is a state: what the actor is waiting for or doing. It begins at the black dot. An arrow says what happens and,
in italics, on which condition; where several arrows fit, the first one that does is taken. In a box stand what the
state is about, what it does when it is entered, and what it deals with without being left. Amber waits for a person,
red is trouble, green is an end. A dashed box waits for nothing: it only decides where to go.
`;
