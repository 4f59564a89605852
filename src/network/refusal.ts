/** Which rule a URL, its path or its method broke. */
export type UrlRule =
  | 'url-invalid'
  | 'url-too-long'
  | 'scheme'
  | 'userinfo'
  | 'host-invalid'
  | 'port'
  | 'path-encoding'
  | 'path-traversal'
  | 'method-invalid'
  | 'nothing-allowed'
  | 'host-not-allowed'
  | 'path-not-allowed'
  | 'method-not-allowed';

/** Why a URL may not be asked. The message never repeats the query or what stands before an `@`. */
export interface UrlRefusal {
  readonly rule: UrlRule;
  readonly message: string;
}

export const refuse = (
  rule: UrlRule,
  message: string,
): { readonly ok: false; readonly error: UrlRefusal } => ({
  ok: false,
  error: { rule, message },
});
