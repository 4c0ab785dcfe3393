// A server for tests that block while they wait: it runs as a process of its own, and prints its port.
import { createServer } from 'node:http';

/** A tar, compressed: `app/x` and its directory, both of mode 0750. */
const ARCHIVE = Buffer.from(
  'H4sIAAAAAAACA+3RMQrCQBBA0ak9xd7AVbLsebawNSFG8PgulhG0ihJ4r5mBme63aTrGxnJXS37Nbj3f91M+1xypxA/cb0ubU4p5HJdPf9/uO9V6/8ff+w/r/kOpkbL+mxuvl0MAAAAAAAAAAAC79ATbIewUACgAAA==',
  'base64',
);
const PASSWORD = `p'"\\ ü$x`;

createServer((request, response) => {
  const { url, method, headers } = request;
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    const answer = (status, text, more = {}) => response.writeHead(status, more).end(text);
    if (url.startsWith('/file')) return answer(200, 'one\ntwo\0\n', { 'Content-Type': 'application/octet-stream' });
    if (url === '/archive') return answer(200, ARCHIVE, { 'Content-Type': 'application/gzip' });
    if (url === '/moved') return answer(302, 'elsewhere', { Location: '/file' });
    if (url === '/busy') return answer(503, 'come back later\n', { 'Content-Type': 'text/plain' });
    if (url === '/locked') {
      const right = headers.authorization === `Basic ${Buffer.from(`me:${PASSWORD}`).toString('base64')}`;
      return answer(
        right ? 200 : 401,
        right ? 'one\ntwo\0\n' : 'no',
        right ? {} : { 'WWW-Authenticate': 'Basic realm="x"' },
      );
    }
    if (url.startsWith('/echo'))
      return answer(
        200,
        JSON.stringify({ method, body, type: headers['content-type'] ?? null, note: headers['x-note'] ?? null }),
        { 'Content-Type': 'application/json; charset=utf-8', 'X-Made-By': 'test' },
      );
    return answer(404, 'nothing here\n', { 'Content-Type': 'text/plain' });
  });
}).listen(0, '127.0.0.1', function () {
  console.log(this.address().port);
});
