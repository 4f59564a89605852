/**
 * What containers may reach where nobody says otherwise: the package registries of Rust, Node, Go and Python, their
 * documentation, and GitHub. From the reference implementation's list, without the hosts of language models (a
 * container's model is asked on its behalf) and with Go's checksum database, which its package manager insists on.
 */
export const DEFAULT_DOMAINS: readonly string[] = [
  'crates.io',
  'static.crates.io',
  'index.crates.io',
  'registry.npmjs.org',
  'proxy.golang.org',
  'sum.golang.org',
  'pypi.org',
  'files.pythonhosted.org',
  'docs.rs',
  'doc.rust-lang.org',
  'nodejs.org',
  'go.dev',
  'docs.python.org',
  'github.com',
  'raw.githubusercontent.com',
  'api.github.com',
  'codeload.github.com',
];
