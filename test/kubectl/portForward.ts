import { request } from 'node:http';
import type { Kubectl } from './kubectl.ts';

/** What the target answers to GET of `path` through `kubectl port-forward`, which is stopped afterwards. */
export async function getThroughPortForward(
  kubectl: Kubectl,
  target: string,
  port: number | string,
  path = '/',
): Promise<string> {
  const forward = kubectl.start`port-forward --address=127.0.0.1 ${target} :${port}`;
  try {
    const [, local] = await forward.until(/Forwarding from 127\.0\.0\.1:(\d+) -> \d+/);
    return await get(Number(local), path);
  } finally {
    await forward.stop();
  }
}

function get(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, agent: false, timeout: 20_000 }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer on port ${port}`)));
    asked.on('error', reject);
    asked.end();
  });
}
