/** URLs by which older clients know ours. Finch 0.1.3 is hard-wired to the first two, Finch 0.1.9 to the third. */
const ALIASES: readonly (readonly [from: string, to: string])[] = [
  ['/api/qserver/api/', '/api/'],
  ['/api/qserver/console', '/api/console_output/ws'],
  ['/api/v1/qs-console-socket', '/api/console_output/ws'],
];

/** The URL that a request means. */
export function withoutAlias(url: string): string {
  const alias = ALIASES.find(([from]) => url.startsWith(from));
  return alias === undefined ? url : alias[1] + url.slice(alias[0].length);
}
