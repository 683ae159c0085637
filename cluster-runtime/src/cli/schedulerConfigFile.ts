/** Reads the file of `--scheduler-config`. Throws CliError with one sentence for what is wrong with it. */
import { readFileSync } from 'node:fs';
import { ConfigurationError } from '../scheduler/config/configurationFields.ts';
import { readSchedulerConfiguration } from '../scheduler/config/schedulerConfiguration.ts';
import type { SchedulerSettings } from '../scheduler/profile.ts';
import { CliError } from './cliError.ts';

export async function readSchedulerConfigFile(file: string): Promise<SchedulerSettings> {
  const text = read(file);
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem) throw notYaml(file, (problem.message.split('\n')[0] ?? '').replace(/:$/, ''));
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    // An alias without its anchor, or aliases that would grow without end.
    if (!(error instanceof ReferenceError)) throw error;
    throw notYaml(file, error.message);
  }
  try {
    return readSchedulerConfiguration(value);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new CliError(`${file}: ${error.message}`);
  }
}

const notYaml = (file: string, problem: string): CliError =>
  new CliError(`${file} is not valid YAML: ${problem}; mend it and start again.`);

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(`Cannot read ${file} (${code}); give --scheduler-config a KubeSchedulerConfiguration.`);
  }
}
