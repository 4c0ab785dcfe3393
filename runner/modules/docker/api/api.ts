import { TAG, aside } from '../../../connection/files/leftovers.ts';
import { atExit, raw, withStdin } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';

// The request goes through a pipe that stays open until the answer is there: closing it at once reads, to the daemon,
// like a client that has gone, and some calls are then cancelled.
const CALL = `${TAG}
d=$(mktemp -d ${aside()}) || exit; ${atExit('rm -rf "$d"').text}
mkfifo "$d/in" || exit
docker system dial-stdio <"$d/in" >"$d/out" 2>"$d/err" & exec 9>"$d/in"
cat >&9; wait $!; exec 9>&-
reply=$(cat "$d/out"); said=$(cat "$d/err")
status=\${reply#HTTP/1.? }; status=\${status%% *}
body=$(printf '%s\\n' "$reply" | sed -e '1,/^.\\{0,1\\}$/d' -e 's/^{"message":"\\(.*\\)"}$/\\1/')
case $status in 2??|304) printf '%s\\n' "$body";; *) printf '%s\\n' "\${body:-\${said:-no answer from Docker}}" >&2; exit 1;; esac`;

/**
 * A call of the Docker API, made with the docker command alone (18.09 or later). The body travels on stdin, so that
 * secrets stand in no argument. Prints the answer's body; fails with Docker's message for any status but 2xx and 304.
 */
export function apiCall(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Script {
  const json = body === undefined ? '' : JSON.stringify(body);
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: docker',
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(json)}`,
  ];
  return withStdin(raw(`# ${method} ${path.replace(/\s/g, '')}\n${CALL}`), `${head.join('\r\n')}\r\n\r\n${json}`);
}
