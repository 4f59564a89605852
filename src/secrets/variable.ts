const PREFIX = 'IRONBARK_SECRET_';
const FILE_SUFFIX = '_FILE';

/** The environment variable that holds a secret: `github.token` is in `IRONBARK_SECRET_GITHUB_TOKEN`. */
export const variableOf = (name: string): string => PREFIX + name.toUpperCase().replace(/[-.]/g, '_');

/** The variable that holds the path of a file with the secret. */
export const fileVariableOf = (name: string): string => variableOf(name) + FILE_SUFFIX;

/** A variable whose name ends so holds a path, never a value; no secret can be named like it. */
export const isFileVariable = (variable: string): boolean => variable.endsWith(FILE_SUFFIX);

/** The secret that a variable is about, or undefined where it is about none. */
export function nameIn(variable: string): string | undefined {
  if (!variable.startsWith(PREFIX)) return undefined;
  const name = variable.slice(PREFIX.length, isFileVariable(variable) ? -FILE_SUFFIX.length : undefined);
  return name === '' ? undefined : name.toLowerCase();
}

/** How a person sets a secret. */
export const secretHelp = (name: string): string =>
  `Set it with: ironbark secrets set ${name.toLowerCase()} (or in the environment variable ${variableOf(name)}, or in a file named by ${fileVariableOf(name)}; for these two, start Ironbark again).`;
