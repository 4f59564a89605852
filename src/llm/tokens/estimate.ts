/**
 * Tokens of a text of so many UTF-8 bytes, without reading it. A token is at least one byte, which bounds the number
 * from above. Measured with o200k: English prose 4.6 bytes a token, Russian 6.6, Japanese 3.7, code and JSON 3 to 4,
 * digits 3.0, base64 1.7; only runs of blanks or of one letter have more than 8.
 */
export const tokensAtMost = (bytes: number): number => bytes;
export const tokensAbout = (bytes: number): number => Math.ceil(bytes / 4);
/** Not a bound for every text, but for every one worth reading. */
export const tokensAtLeast = (bytes: number): number => Math.floor(bytes / 16);
