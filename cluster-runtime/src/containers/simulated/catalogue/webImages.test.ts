import { describe, expect, test } from 'vitest';
import { logText, TestBed, volume } from '../testing/testBed.ts';

const sleeper = { command: ['tail', '-f', '/dev/null'] };

describe('nginx', () => {
  test('serves its page and logs in its format', async () => {
    const bed = new TestBed();
    const web = await bed.start('nginx:1.27', { name: 'web' });
    const client = await bed.start('busybox', sleeper);
    expect((await bed.sh(client, 'wget -qO- web | grep title')).stdout).toBe('<title>Welcome to nginx!</title>\n');
    await bed.sh(client, 'wget -qO- -U tester web/nope');
    expect(logText(web)).toMatch(/nginx\/1\.27\.5\n/);
    expect(logText(web)).toContain(`10.244.0.2 - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 615 "-" "Wget" "-"\n`);
    expect(logText(web)).toContain(
      '[error] 29#29: *2 open() "/usr/share/nginx/html/nope" failed (2: No such file or directory), client: 10.244.0.2, server: localhost, request: "GET /nope HTTP/1.1", host: "web"\n',
    );
    expect(logText(web)).toContain('"GET /nope HTTP/1.1" 404 153 "-" "tester" "-"\n');
  });

  test('serves mounted pages, as they change', async () => {
    const bed = new TestBed();
    const pages = volume({ 'index.html': 'one\n', 'sub/page.json': '{}' });
    const web = await bed.start('nginx', { mounts: [{ path: '/usr/share/nginx/html', readOnly: true, volume: pages }] });
    expect(
      (
        await bed.sh(
          web,
          'curl -s localhost; curl -sI localhost/sub/page.json | grep -i type; curl -sI localhost/sub | grep Location; curl -so /dev/null -w "%{http_code}" localhost/sub/',
        )
      ).stdout,
    ).toBe('one\nContent-Type: application/json\r\nLocation: http://localhost/sub/\r\n403');
    pages.files.set('index.html', new TextEncoder().encode('two\n'));
    expect(
      (await bed.sh(web, 'curl -s localhost; curl -s --path-as-is localhost/../../etc/passwd | head -n 2 | tail -n 1')).stdout,
    ).toBe('two\n<head><title>404 Not Found</title></head>\r\n');
  });

  test('does what its configuration says', async () => {
    const bed = new TestBed();
    await bed.start('gcr.io/google-samples/hello-app:1.0', { name: 'hello' });
    const conf = volume({
      'default.conf': `upstream app { server hello:8080; }
server { listen 8080 default_server; server_name _; root /srv; index home.html;
  location = /health { access_log off; default_type text/plain; return 200 "ok $host\\n"; }
  location /api/ { proxy_pass http://app/; proxy_set_header X-Real-IP $remote_addr; }
  location ~ \\.php$ { return 403; }
  location /spa { try_files $uri /index.html; }
  add_header X-Served-By $hostname;
  error_page 404 /missing.html;
}
server { listen 8080; server_name other.example; return 301 https://$host$request_uri; }`,
    });
    const site = volume({ 'index.html': 'spa\n', 'home.html': 'home\n', 'missing.html': 'custom 404\n' });
    const web = await bed.start('nginx', {
      mounts: [
        { path: '/etc/nginx/conf.d', readOnly: true, volume: conf },
        { path: '/srv', readOnly: true, volume: site },
      ],
    });
    expect([web.listensOn(8080), web.listensOn(80)]).toEqual([true, false]);
    const ask = async (args: string): Promise<string> => (await bed.sh(web, `curl -s ${args}`)).stdout;
    expect(await ask('localhost:8080/health')).toBe('ok localhost\n');
    expect(await ask('localhost:8080/api/')).toBe('Hello, world!\nVersion: 1.0.0\nHostname: pod-1\n');
    expect(await ask('-o /dev/null -w "%{http_code}" localhost:8080/x.php')).toBe('403');
    expect(await ask('localhost:8080/spa/deep')).toBe('spa\n');
    expect(await ask('localhost:8080/')).toBe('home\n');
    expect(await ask('-w "%{http_code}" localhost:8080/nope')).toBe('custom 404\n404');
    expect(await ask('-I localhost:8080/')).toContain(`X-Served-By: pod-2\r\n`);
    expect(await ask('-I -H "Host: other.example" localhost:8080/a?b')).toContain('Location: https://other.example/a?b\r\n');
  });

  test.each([
    ['server { listen 80; locaton / { } }', 'unknown directive "locaton" in /etc/nginx/conf.d/default.conf:1'],
    ['server { listen 80;\n', 'unexpected end of file, expecting "}" in /etc/nginx/conf.d/default.conf:2'],
    ['listen 80;', '"listen" directive is not allowed here in /etc/nginx/conf.d/default.conf:1'],
  ])('refuses %j', async (conf, problem) => {
    const bed = new TestBed();
    const web = await bed.start('nginx', {
      mounts: [{ path: '/etc/nginx/conf.d', readOnly: true, volume: volume({ 'default.conf': conf }) }],
    });
    expect(await web.exited).toMatchObject({ exitCode: 1 });
    expect(logText(web)).toContain(`nginx: [emerg] ${problem}\n`);
  });

  test('two of them in a pod fight for the port', async () => {
    const bed = new TestBed();
    const first = bed.spec('nginx');
    await bed.runtime.start(first);
    const second = await bed.runtime.start({ ...bed.spec('nginx'), pod: first.pod });
    expect(await second.exited).toMatchObject({ exitCode: 1 });
    expect(logText(second)).toContain('bind() to 0.0.0.0:80 failed (98: Address already in use)');
  });

  test('reloads, tests its configuration, and stops from inside', async () => {
    const bed = new TestBed();
    const web = await bed.start('nginx');
    const script = `nginx -v; nginx -t; echo 'server { return 200 "new\\n"; }' > /etc/nginx/conf.d/default.conf; nginx -s reload; curl -s localhost; nginx -s quit`;
    const result = await bed.sh(web, script);
    expect(result.stdout).toBe('new\n');
    expect(result.stderr).toContain(
      'nginx version: nginx/1.29.1\nnginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n',
    );
    expect(await web.exited).toEqual({ exitCode: 0, reason: 'Completed' });
  });
});

test('echoserver answers in its own form', async () => {
  const bed = new TestBed();
  await bed.start('registry.k8s.io/echoserver:1.4', { name: 'echo' });
  const client = await bed.start('curlimages/curl', sleeper);
  expect((await bed.sh(client, 'curl -s echo:8080/a?b=c')).stdout).toBe(
    'CLIENT VALUES:\nclient_address=10.244.0.2\ncommand=GET\nreal path=/a?b=c\nquery=b=c\nrequest_version=1.1\nrequest_uri=http://echo:8080/a?b=c\n\nSERVER VALUES:\nserver_version=nginx: 1.10.0 - lua: 10001\n\nHEADERS RECEIVED:\naccept=*/*\nhost=echo:8080\nuser-agent=curl/8.14.1\nBODY:\n-no body in request-',
  );
});

test('httpd works', async () => {
  const bed = new TestBed();
  const web = await bed.start('httpd:2.4', { name: 'web' });
  const client = await bed.start('curlimages/curl', sleeper);
  expect((await bed.sh(client, 'curl -s web; curl -s web/nope | grep h1')).stdout).toBe(
    '<html><body><h1>It works!</h1></body></html>\n<h1>Not Found</h1>\n',
  );
  expect(logText(web)).toContain('10.244.0.2 - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 45\n');
  await web.stop(30);
  expect(logText(web)).toContain('AH00492: caught SIGWINCH, shutting down gracefully');
});

test('hpa-example uses processor time while it is asked', async () => {
  const bed = new TestBed();
  const web = await bed.start('registry.k8s.io/hpa-example', { name: 'web' });
  const client = await bed.start('busybox', sleeper);
  const quiet = web.usage().cpuNanoCores;
  expect((await bed.sh(client, 'for i in $(seq 1 50); do wget -qO- web; done')).stdout).toBe('OK!'.repeat(50));
  expect(web.usage().cpuNanoCores).toBeGreaterThan(quiet + 200_000_000);
  await bed.advance(60_000);
  expect(web.usage().cpuNanoCores).toBeLessThan(10_000_000);
});

test.each([
  ['1.0', 'Version: 1.0.0'],
  ['2.0', 'Version: 2.0.0'],
])('hello-app %s', async (tag, version) => {
  const bed = new TestBed();
  const hello = await bed.start(`us-docker.pkg.dev/google-samples/containers/gke/hello-app:${tag}`, { name: 'hello' });
  const client = await bed.start('busybox', sleeper);
  expect((await bed.sh(client, 'wget -qO- hello:8080')).stdout).toBe(`Hello, world!\n${version}\nHostname: pod-1\n`);
  expect(logText(hello)).toContain('Server listening on port 8080\n');
});

describe('agnhost', () => {
  test('netexec', async () => {
    const bed = new TestBed();
    const server = await bed.start('registry.k8s.io/e2e-test-images/agnhost:2.53', {
      name: 'net',
      args: ['netexec', '--http-port=9000'],
    });
    const client = await bed.start('curlimages/curl', sleeper);
    const ask = async (path: string): Promise<string> => (await bed.sh(client, `curl -s "net:9000${path}"`)).stdout;
    expect(await ask('/hostname')).toBe('pod-1');
    expect(await ask('/echo?msg=hello')).toBe('hello');
    expect(await ask('/clientip')).toMatch(/^10\.244\.0\.2:\d+$/);
    expect(await ask('/shell?cmd=echo%20x;exit%203')).toBe('{"output":"x\\n","error":"exit status 3"}');
    expect(await ask('/dial?host=net&port=9000&request=hostname')).toBe('{"responses":["pod-1"]}');
    await ask('/exit?code=7');
    expect(await bed.finish(server.exited)).toMatchObject({ exitCode: 7 });
  });

  test('liveness is well for ten seconds', async () => {
    const bed = new TestBed();
    await bed.start('registry.k8s.io/e2e-test-images/agnhost:2.40', { name: 'live', args: ['liveness'] });
    const client = await bed.start('curlimages/curl', sleeper);
    const ask = async (): Promise<string> => (await bed.sh(client, 'curl -s -w " %{http_code}" live:8080/healthz')).stdout;
    expect(await ask()).toBe('ok 200');
    await bed.advance(11_000);
    expect(await ask()).toMatch(/^error: 11\S* 500$/);
  });

  test('pause, serve-hostname, and what it does not know', async () => {
    const bed = new TestBed();
    expect(logText(await bed.start('registry.k8s.io/e2e-test-images/agnhost:2.53'))).toBe('Paused\n');
    expect((await bed.start('registry.k8s.io/e2e-test-images/agnhost:2.53', { args: ['serve-hostname'] })).listensOn(9376)).toBe(
      true,
    );
    expect(await (await bed.start('registry.k8s.io/e2e-test-images/agnhost:2.53', { args: ['nope'] })).exited).toMatchObject({
      exitCode: 1,
    });
  });
});

describe('perl', () => {
  test('computes pi', async () => {
    const bed = new TestBed('typical');
    const job = await bed.finish(
      bed.start('perl:5.34.0', { command: ['perl', '-Mbignum=bpi', '-wle', 'print bpi(2000)'], runsToCompletion: true }),
    );
    expect(await bed.finish(job.exited)).toEqual({ exitCode: 0, reason: 'Completed' });
    const text = logText(job);
    expect(text).toMatch(/^3\.14159265358979323846264338327950288419716939937510/);
    expect(text).toMatch(
      /2590694912933136770289891521047521620569660240580381501935112533824300355876402474964732639141992726042699227967823547816360093417216412199245863150302861829745557067498385054945885869269956909272107975093029553211653449872027559602364806654991198818347977535663698074265425278625518184175746728909777727938000816470600161452491921732172147723501414419735685481613611573525521334757418494684385233239073941433345477624168625189835694855620992192221842725502542568876717904946016534668049886272327917860857843838279679766814541009538837863609506800642251252051173929848960841284886269456042419652850222106611863067442786220391949450471237137869609563643719172874677646575739624138908658326459958133904780275901\n$/,
    );
    expect(text.length).toBe(2002);
  });

  test('says what it cannot do', async () => {
    const bed = new TestBed();
    const job = await bed.start('perl', { command: ['perl', '-e', 'system("ls")'] });
    expect(await job.exited).toMatchObject({ exitCode: 255 });
    expect(logText(job)).toContain('simulated containers only know print');
  });
});
