/** Which Node this program needs: the first with `node:sqlite` for everybody. */
const least = [22, 13] as const;

/** What to tell a person whose Node is too old. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > least[0] || (major === least[0] && minor >= least[1])) return undefined;
  return `kube-playground needs Node ${least.join('.')} or newer, and this is ${version}; install a newer one from https://nodejs.org.`;
}
