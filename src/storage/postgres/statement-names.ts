/** Names under which the server keeps statements, so that each is parsed once per connection. */
export interface StatementNames {
  of(sql: string): { readonly text: string; readonly name?: string };
}

/** More different texts than this are parsed each time: someone writes values into them. */
const MAX_NAMES = 256;

export function createStatementNames(): StatementNames {
  const names = new Map<string, string>();
  return {
    of(text) {
      const known = names.get(text);
      if (known !== undefined) return { text, name: known };
      if (names.size >= MAX_NAMES) return { text };
      const name = `ironbark_${names.size}`;
      names.set(text, name);
      return { text, name };
    },
  };
}
