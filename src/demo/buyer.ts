import type { AccessData } from '../marketplace/dialect.ts';

/** A buyer with a browser's manners: keeps the cookie, sends forms with their origin. */
export interface Buyer {
  /** HTTP status of the log-in: 303 welcome, 401 wrong password, 403 frozen, 404 gone. */
  logIn(): Promise<number>;
  writeNote(text: string): Promise<number>;
  /** The page behind the log-in, as HTML. */
  page(): Promise<string>;
}

export function createBuyer({ frontEndUrl, userName = '', password = '' }: AccessData): Buyer {
  const { origin } = new URL(frontEndUrl);
  let cookie = '';
  const post = async (path: string, form: Record<string, string>): Promise<Response> => {
    const response = await fetch(`${frontEndUrl}/${path}`, { method: 'POST', body: new URLSearchParams(form), headers: { origin, cookie }, redirect: 'manual' });
    await response.arrayBuffer();
    return response;
  };
  return {
    async logIn() {
      const response = await post('login', { userName, password });
      const set = response.headers.getSetCookie()[0];
      if (set !== undefined) cookie = set.split(';', 1)[0] ?? '';
      return response.status;
    },
    writeNote: async (text) => (await post('notes', { text })).status,
    page: async () => (await fetch(frontEndUrl, { headers: { cookie } })).text(),
  };
}
