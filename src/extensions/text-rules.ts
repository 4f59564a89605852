import { err, ok } from '../core/result.ts';
import { quoted } from './findings.ts';
import type { TextRule } from './read-value.ts';

/** What a tool, an alias or a credential may be called. */
export const NAME: TextRule = matching(
  /^[a-z0-9_-]{1,64}$/,
  'is not a name: up to 64 of a-z, 0-9, "_" and "-" are allowed',
);

export const SECRET_NAME: TextRule = matching(
  /^\w[\w.-]{0,127}$/,
  'is not the name of a secret: up to 128 of letters, digits, "_", "-" and "." are allowed',
);

const GLOB = matching(
  /^[\w.*-]{1,128}$/,
  'is not a pattern: up to 128 of letters, digits, "_", "-", "." and the wildcard "*" are allowed',
);

/** Several stars in a row mean what one means. */
export const SECRET_GLOB: TextRule = (text) => {
  const checked = GLOB(text);
  return checked.ok ? ok(checked.value.replace(/\*+/g, '*')) : checked;
};

export const VERSION: TextRule = matching(/^[\w.+-]{1,64}$/, 'is not a version, for example "1.2.0"');

export const ENVIRONMENT_VARIABLE: TextRule = matching(
  /^[A-Za-z_]\w{0,127}$/,
  'is not the name of an environment variable, for example "GITHUB_TOKEN"',
);

export const SHA256: TextRule = (text) => {
  const digest = text.toLowerCase().replace(/^sha256:/, '');
  return /^[0-9a-f]{64}$/.test(digest)
    ? ok(digest)
    : err(`${quoted(text)} is not a SHA-256 digest: 64 hexadecimal digits`);
};

/** An identifier that another service chose: printable, no spaces. */
export const TOKEN: TextRule = matching(/^[\x21-\x7e]{1,512}$/, 'may only hold printable ASCII, no spaces');

export const QUERY_NAME: TextRule = matching(
  /^[\w.~[\]$-]{1,64}$/,
  'is not the name of a query parameter: up to 64 of letters, digits and _.~[]$- are allowed',
);

export const USERNAME: TextRule = matching(
  /^[\x20-\x39\x3b-\x7e]{0,128}$/,
  'may only hold up to 128 printable ASCII characters, and no colon',
);

export const HEADER_PREFIX: TextRule = matching(
  /^[\x20-\x7e]{0,64}$/,
  'may only hold up to 64 printable ASCII characters',
);

const HEADER_TOKEN = matching(
  /^[\w!#$%&'*+.^`|~-]{1,64}$/,
  'is not the name of a header: up to 64 of letters, digits, "-" and "_" are allowed',
);

/** These govern the connection; a value of the extension's choice would let it forge requests (RFC 9110, 7.6.1). */
const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export const HEADER_NAME: TextRule = (text) => {
  const lower = text.toLowerCase();
  if (CONNECTION_HEADERS.has(lower) || lower.startsWith('proxy-'))
    return err(`${quoted(text)} belongs to the connection: choose a header of the service`);
  return HEADER_TOKEN(text);
};

/** Braces are added where they are missing. */
export const PLACEHOLDER: TextRule = (text) => {
  const name = /^\{?([A-Za-z_]\w{0,63})\}?$/.exec(text)?.[1];
  const whole = name !== undefined && text.startsWith('{') === text.endsWith('}');
  return whole
    ? ok(`{${name}}`)
    : err(`${quoted(text)} is not a placeholder: letters, digits and "_" in braces, for example "{TOKEN}"`);
};

/** Relative, and the same however it is read. */
export const WORKSPACE_PATH: TextRule = (text) => {
  const segments = text.replace(/\/$/, '').split('/');
  const plain = /^[^\\:\p{Cc}]{1,512}$/u.test(text) && text.isWellFormed();
  return plain && segments.every((segment) => !['', '.', '..'].includes(segment))
    ? ok(text)
    : err(`${quoted(text)} is not a path among the notes: relative, without "..", for example "projects/"`);
};

/** A path on our own server. */
export const SERVER_PATH: TextRule = matching(
  /^(?:\/[\w~-][\w.~-]{0,63}){1,8}\/?$/,
  'is not a path, for example "/webhook/telegram"',
);

export const PATH_PATTERN: TextRule = (text) =>
  text === '*' || (/^\/[\x21-\x7e]{0,511}$/.test(text) && !/[?#\\]/.test(text))
    ? ok(text.replace(/\*+/g, '*'))
    : err(`${quoted(text)} is not a path pattern: it begins with "/", and "*" stands for any characters`);

export const HTTPS_URL: TextRule = (text) => webAddress(text, ['https:']);
export const SOCKET_URL: TextRule = (text) => webAddress(text, ['https:', 'wss:']);

function webAddress(text: string, schemes: readonly string[]): ReturnType<TextRule> {
  const url = text.length <= 2048 && /^[\x21-\x7e]+$/.test(text) ? URL.parse(text) : null;
  const named = url !== null && url.username === '' && url.password === '' && url.hash === '';
  return named && schemes.includes(url.protocol)
    ? ok(text)
    : err(`${quoted(text)} is not a web address that begins with ${schemes.join('// or ')}//`);
}

function matching(shape: RegExp, complaint: string): TextRule {
  return (text) => (shape.test(text) ? ok(text) : err(`${quoted(text)} ${complaint}`));
}
