/** As much of a browser as a sign-in needs: it follows redirects and keeps the cookies of each host apart by their path. */
export class Browser {
  readonly #cookies = new Map<string, { value: string; path: string; origin: string }>();

  /** Where it lands, and what is there. */
  async open(
    address: string,
    init: Omit<RequestInit, 'headers'> = {},
  ): Promise<{ url: string; status: number; text: string }> {
    let url = new URL(address);
    let asked = init;
    for (let steps = 0; steps < 20; steps++) {
      const reply = await fetch(url, {
        ...asked,
        redirect: 'manual',
        headers: this.#cookiesFor(url),
      });
      this.#keep(url, reply.headers.getSetCookie());
      const next = reply.headers.get('location');
      if (next === null) return { url: url.href, status: reply.status, text: await reply.text() };
      await reply.body?.cancel();
      url = new URL(next, url);
      asked = {};
    }
    throw new Error(`too many redirects, the last to ${url.href}`);
  }

  #cookiesFor({ origin, pathname }: URL): Record<string, string> {
    const fit = [...this.#cookies].filter(([, each]) => each.origin === origin && pathname.startsWith(each.path));
    return fit.length === 0
      ? {}
      : { cookie: fit.map(([key, { value }]) => `${key.split(' ')[0]}=${value}`).join('; ') };
  }

  #keep({ origin, pathname }: URL, cookies: readonly string[]): void {
    for (const cookie of cookies) {
      const [pair = '', ...attributes] = cookie.split(/; */);
      const [name = '', value = ''] = pair.split('=', 2);
      const path = attributes.find((each) => each.toLowerCase().startsWith('path='))?.slice(5) ?? pathname;
      if (value === '') this.#cookies.delete(`${name} ${origin}${path}`);
      else this.#cookies.set(`${name} ${origin}${path}`, { value, path, origin });
    }
  }
}
