import { beforeAll, describe, expect, test } from 'vitest';
import type { RunningContainer } from '../../containerRuntime.ts';
import { TestBed, volume } from '../testing/testBed.ts';

const bed = new TestBed();
let client: RunningContainer;
beforeAll(async () => {
  const config = volume({
    'default.conf':
      'server { listen 80; location / { return 200 "home\\n"; } location /moved { return 302 /; } location /body { proxy_pass http://echo:8080; } }',
  });
  await bed.start('nginx:1.27.3', { name: 'web', mounts: [{ path: '/etc/nginx/conf.d', readOnly: true, volume: config }] });
  await bed.start('registry.k8s.io/echoserver:1.4', { name: 'echo' });
  client = await bed.start('curlimages/curl', { command: ['tail', '-f', '/dev/null'] });
  bed.network.names.set('silent', '10.99.0.1');
  bed.network.silent.add('10.99.0.1');
});

describe('curl', () => {
  test.each<[string, string, string, number]>([
    ['curl -s web', 'home\n', '', 0],
    ['curl -s http://web:80/?x#y', 'home\n', '', 0],
    ['curl -sS nowhere', '', 'curl: (6) Could not resolve host: nowhere\n', 6],
    ['curl -sS web:81', '', 'curl: (7) Failed to connect to web port 81 after 0 ms: Could not connect to server\n', 7],
    ['curl -s web:81', '', '', 7],
    ['curl -sS --connect-timeout 3 silent', '', 'curl: (28) Connection timed out after 3000 milliseconds\n', 28],
    ['curl -sS -m 2 silent', '', 'curl: (28) Operation timed out after 2000 milliseconds with 0 bytes received\n', 28],
    ['curl -sSf web/moved/x && curl -sSf echo:8080/ -o /dev/null; curl -sSf web/nope/../../x -o /dev/null; echo $?', '', '', -1],
    ['curl -s -o /dev/null -w "%{http_code} %{redirect_url}%{num_redirects}\\n" web/moved', '302 0\n', '', 0],
    ['curl -sL web/moved', 'home\n', '', 0],
    ['curl -so /tmp/page web && cat /tmp/page', 'home\n', '', 0],
    ['curl', '', "curl: (2) no URL specified\ncurl: try 'curl --help' or 'curl --manual' for more information\n", 2],
    [
      'curl --nope web',
      '',
      "curl: option --nope: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information\n",
      2,
    ],
    ['curl -sS https://web', '', 'curl: (7) Failed to connect to web port 443 after 0 ms: Could not connect to server\n', 7],
  ])('%s', async (script, stdout, stderr, code) => {
    const result = await bed.sh(client, script);
    if (code >= 0) expect(result).toEqual({ stdout, stderr, code });
    else expect(result.stderr).toBe('');
  });

  test('sends method, headers and body', async () => {
    const { stdout } = await bed.sh(client, "curl -s -X PUT -H 'X-A: 1' -d 'hello=1' echo:8080/path?q=1");
    expect(stdout).toContain('command=PUT\nreal path=/path?q=1\nquery=q=1\nrequest_version=1.1\n');
    expect(stdout).toContain(
      'content-length=7\ncontent-type=application/x-www-form-urlencoded\nhost=echo:8080\nuser-agent=curl/8.14.1\nx-a=1\nBODY:\nhello=1',
    );
  });

  test('shows heads, and a meter where the output goes elsewhere', async () => {
    expect((await bed.sh(client, 'curl -sI web')).stdout).toMatch(
      /^HTTP\/1\.1 200 OK\r\nServer: nginx\/1\.27\.3\r\nDate: Thu, 01 Jan 2026 [\d:]+ GMT\r\nContent-Type: [^\r]+\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\n$/,
    );
    expect((await bed.sh(client, 'curl web')).stderr).toContain('% Total    % Received % Xferd');
    expect((await bed.sh(client, 'curl -v web')).stderr).toContain('> GET / HTTP/1.1\n> Host: web\n');
  });
});

describe('wget', () => {
  test.each<[string, string, string, number]>([
    ['wget -qO- web', 'home\n', '', 0],
    [
      'wget -O- http://web',
      'home\n',
      `Connecting to web (10.244.0.1:80)\nwriting to stdout\n${'-'.padEnd(20)} 100% |${'*'.repeat(32)}|     5  0:00:00 ETA\nwritten to stdout\n`,
      0,
    ],
    ['cd /tmp; wget -q web && cat index.html; wget -q web', 'home\n', "wget: can't open 'index.html': File exists\n", 1],
    ['wget -qO- web:81', '', "wget: can't connect to remote host (10.244.0.1): Connection refused\n", 1],
    ['wget -qO- nowhere', '', "wget: bad address 'nowhere'\n", 1],
    ['wget -q -T 3 -O- silent', '', 'wget: download timed out\n', 1],
    ['wget -q --spider web; echo $?', '0\n', '', 0],
    ['wget -qO- web/moved', 'home\n', '', 0],
  ])('%s', async (script, stdout, stderr, code) => {
    expect(await bed.sh(client, script)).toEqual({ stdout, stderr, code });
  });
});

describe('names and ports', () => {
  test.each<[string, string, string, number]>([
    [
      'nslookup web',
      'Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\nName:\tweb.default.svc.cluster.local\nAddress: 10.244.0.1\n\n',
      '',
      0,
    ],
    ['nslookup nope', "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n** server can't find nope: NXDOMAIN\n\n", '', 1],
    ['nc -z web 80; echo $?; nc -zvw 2 web 81', '0\n', 'nc: web (10.244.0.1:81): Connection refused\n', 1],
    ['printf "GET / HTTP/1.0\\r\\n\\r\\n" | nc web 80 | head -n 1', 'HTTP/1.1 200 OK\r\n', '', 0],
    ['nc -l -p 9000 > /tmp/got & sleep 1; echo hi | nc localhost 9000; wait; cat /tmp/got', 'hi\n', '', 0],
    [
      'ping -c 1 web | head -n 2',
      'PING web (10.244.0.1): 56 data bytes\n64 bytes from 10.244.0.1: seq=0 ttl=64 time=0.052 ms\n',
      '',
      0,
    ],
    [
      'echo "1.2.3.4 named" >> /etc/hosts; getent hosts named; getent hosts localhost',
      `${'1.2.3.4'.padEnd(15)} named.default.svc.cluster.local\n${'127.0.0.1'.padEnd(15)} localhost.default.svc.cluster.local\n`,
      '',
      0,
    ],
    [
      'cat /etc/resolv.conf',
      'search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n',
      '',
      0,
    ],
  ])('%s', async (script, stdout, stderr, code) => {
    expect(await bed.sh(client, script)).toEqual({ stdout, stderr, code });
  });
});
