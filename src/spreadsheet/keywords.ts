/** Kinds of parameters that a column of a sheet can name. */
export const BY_KEYWORD: ReadonlySet<string> = new Set(['POSITIONAL_OR_KEYWORD', 'KEYWORD_ONLY']);
