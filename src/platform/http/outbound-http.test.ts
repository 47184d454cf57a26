import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { OutboundHttp, type ResolveAll } from './outbound-http.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return (server.address() as AddressInfo).port;
}

const get = (url: string, timeoutMs = 5_000) => ({ url, method: 'GET', timeoutMs });

const resolvesTo =
  (...addresses: string[]): ResolveAll =>
  (_host, answer) =>
    answer(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

describe('calls to addresses that users wrote down', () => {
  it('answer status and body where the address is allowed', async () => {
    const port = await listen((_request, response) => response.writeHead(418).end('tea'));
    const answer = await new OutboundHttp(['127.0.0.0/8']).call(get(`http://127.0.0.1:${port}/`));
    expect(answer).toEqual({ kind: 'ANSWER', status: 418, body: 'tea', truncated: false });
  });

  it.each(['http://127.0.0.1:1/', 'http://[::1]:1/', 'http://0x7f.1:1/', 'http://169.254.169.254/latest'])(
    'are refused for %s',
    async (url) => {
      expect(await new OutboundHttp([]).call(get(url))).toMatchObject({ kind: 'REFUSED' });
    },
  );

  it('are refused for a name that points to a private address, though the name was public a moment ago', async () => {
    const port = await listen((_request, response) => response.end('secret'));
    let looks = 0;
    const rebinding: ResolveAll = (host, answer) => {
      looks += 1;
      resolvesTo(looks === 1 ? '93.184.215.14' : '127.0.0.1')(host, answer);
    };
    rebinding('rebind.example', () => undefined);
    const answer = await new OutboundHttp([], rebinding).call(get(`http://rebind.example:${port}/`));
    expect(answer).toEqual({ kind: 'REFUSED', message: expect.stringContaining('rebind.example') });
  });

  it('connect to the address that was judged: of several only those that are allowed', async () => {
    const port = await listen((_request, response) => response.end('here'));
    const http = new OutboundHttp(['127.0.0.0/8'], resolvesTo('10.255.255.1', '127.0.0.1'));
    expect(await http.call(get(`http://two.example:${port}/`))).toMatchObject({ body: 'here' });
  });

  it('do not follow a redirect', async () => {
    let asked = 0;
    const port = await listen((_request, response) => {
      asked += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const answer = await new OutboundHttp('ANY').call(get(`http://127.0.0.1:${port}/`));
    expect([answer, asked]).toEqual([{ kind: 'ANSWER', status: 302, body: '', truncated: false }, 1]);
  });

  it('read a megabyte and no more of an endless answer', async () => {
    const port = await listen((_request, response) => {
      const more = (): void => {
        while (response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    const answer = await new OutboundHttp('ANY').call(get(`http://127.0.0.1:${port}/`));
    expect(answer.kind === 'ANSWER' && [answer.body.length, answer.truncated]).toEqual([1_048_576, true]);
  });

  it('end in time where nobody answers, and where a body never ends', async () => {
    const mute = await listen(() => undefined);
    const slow = await listen((_request, response) => void response.writeHead(200).write('a'));
    const answers = [mute, slow].map((port) =>
      new OutboundHttp('ANY').call(get(`http://127.0.0.1:${port}/secret-path`, 150)),
    );
    const late = { kind: 'SILENT', message: '127.0.0.1 did not answer in time.' };
    expect(await Promise.all(answers)).toEqual([late, late]);
  });

  it('say that nobody answered where nothing listens', async () => {
    const port = await listen(() => undefined);
    servers.pop()?.close();
    expect(await new OutboundHttp('ANY').call(get(`http://127.0.0.1:${port}/`))).toEqual({
      kind: 'SILENT',
      message: '127.0.0.1 gave no answer (ECONNREFUSED).',
    });
  });

  it.each(['ftp://example.com/', 'file:///etc/passwd', 'not a url'])('are refused for %s', async (url) => {
    expect(await new OutboundHttp('ANY').call(get(url))).toMatchObject({ kind: 'REFUSED' });
  });
});
