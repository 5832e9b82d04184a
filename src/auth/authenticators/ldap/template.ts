import { Filter } from 'ldapts';

/** A text with places for values, which are escaped as whatever the text becomes asks for. */
export type Template<Name extends string> = (values: Readonly<Record<Name, string>>, escape: Escape) => string;
export type Escape = (value: string) => string;

/** @throws TypeError for a place that nothing is put in */
export function template<const Name extends string>(
  argument: string,
  text: string,
  names: readonly Name[],
): Template<Name> {
  const other = [...text.matchAll(/\{([^{}]*)\}/g)].find(([, name]) => !names.includes(name as Name));
  if (other !== undefined) {
    const known = names.map((name) => `{${name}}`).join(' and ');
    throw new TypeError(`LDAPAuthenticator: '${argument}' may hold ${known}, received '${other[0]}'`);
  }
  // A DN template that is a place alone is filled with a whole DN, or `user@domain`: nothing of it is to be escaped.
  const isWhole = text === '{username}';
  return (values, escape) =>
    text.replace(/\{([^{}]*)\}/g, (_, name: Name) => (isWhole ? values[name] : escape(values[name])));
}

/** RFC 4515, section 3. */
export const inFilter: Escape = (value) => Filter.escape(value);

/** RFC 4514, section 2.4, and brackets and stars, over which some servers stumble. */
export const inDn: Escape = (value) =>
  value
    .replace(/[\\,+"<>;=]/g, (char) => `\\${char}`)
    .replace(/^[ #]|[ ]$/g, (char) => `\\${char}`)
    // oxlint-disable-next-line no-control-regex -- a NUL ends the value for some servers
    .replace(/[()*\u0000]/g, (char) => `\\${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
