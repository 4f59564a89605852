/** The code of an error of Node, which says what happened; its message may quote what was sent or received. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
