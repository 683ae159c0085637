/** What /version says: the Kubernetes release whose behaviour this server has. */

/** Clients know systems and architectures under Go's names where those differ from Node's. */
const goNames: Readonly<Record<string, string>> = { win32: 'windows', x64: 'amd64', ia32: '386' };
const goName = (name: string): string => goNames[name] ?? name;

export const versionInfo = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.3',
  gitCommit: '',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: `${goName(process.platform)}/${goName(process.arch)}`,
} as const;
