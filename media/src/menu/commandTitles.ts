/** How the browser's menu names the commands. In the editor package.nls.json does. */
import type { CommandId } from '#common/protocol/commands.ts';

export const commandTitles: Readonly<Partial<Record<CommandId, string>>> = {
  'kubePlayground.describe': 'Describe',
  'kubePlayground.showLogs': 'Show Logs',
  'kubePlayground.revealInYaml': 'Reveal in YAML',
  'kubePlayground.scale': 'Scale…',
  'kubePlayground.expose': 'Expose…',
  'kubePlayground.copyName': 'Copy Name',
  'kubePlayground.deleteObject': 'Delete…',
};
